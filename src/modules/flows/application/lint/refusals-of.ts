import {
  ContentRefused,
  LinkNotPublic,
  MediaNotSendable,
  type MessageContent,
  TemplateRefused,
} from '../../../messaging/index.js';
import type { FlowStep } from '../../domain/flow-step.js';
import type { Refusal } from '../../domain/lint/surroundings.js';
import { variablesIn, variablesOf } from '../../domain/variables.js';
import { render } from '../engine/render.js';
import type { Supplies } from '../engine/supplies.js';
import { isUnsayable, type Unsayable } from '../engine/unsayable.js';

/** Of a template's state, not of what it is given: it may change, and the lint tells of it as long as it is so. */
const STATES = [
  'TEMPLATE_NOT_APPROVED',
  'TEMPLATE_PAUSED',
  'TEMPLATE_DISABLED',
  'TEMPLATE_UNKNOWN',
  'LANGUAGE_UNKNOWN',
];

/** What of a step's file and templates cannot be sent, whatever stands for its variables. */
export function refusalsOf(step: FlowStep, supplies: Supplies): readonly Refusal[] {
  if (step.kind === 'media') return step.media ? fileRefusals(step, supplies) : [];
  if (step.kind !== 'whatsapp_template' || !step.whatsappTemplate) return [];
  const languages = Object.entries(step.translations).flatMap(([language, { whatsappTemplate }]) =>
    whatsappTemplate ? [language] : [],
  );
  return [
    ...fileRefusals(step, supplies),
    ...templateRefusals(step, step.language, 'whatsappTemplate', supplies),
    ...languages.flatMap((language) =>
      templateRefusals(step, language, `translations.${language}.whatsappTemplate`, supplies),
    ),
  ];
}

function fileRefusals(step: FlowStep, supplies: Supplies): Refusal[] {
  const refused = refusalOf(step, step.language, (content) => supplies.checkFile(content));
  if (!refused) return [];
  const { message } = refused;
  if (!(refused instanceof LinkNotPublic)) {
    const code = refused instanceof MediaNotSendable ? 'MEDIA_NOT_SENDABLE' : 'MEDIA_NOT_FOUND';
    return [{ code, field: 'media.mediaId', message }];
  }
  // Where it leads is known once its variables are.
  const isKnown = variablesIn(step.media?.link ?? '').length === 0;
  return isKnown ? [{ code: 'MEDIA_LINK_REFUSED', field: 'media.link', message }] : [];
}

function templateRefusals(step: FlowStep, language: string, field: string, supplies: Supplies): Refusal[] {
  const refused = refusalOf(step, language, (content) => supplies.checkTemplate(content));
  if (!(refused instanceof TemplateRefused)) return [];
  const isOfState = refused.extensions.errors.every(({ code }) => STATES.includes(code));
  return isOfState ? [] : [{ code: 'WHATSAPP_TEMPLATE_REFUSED', field, message: refused.message }];
}

function refusalOf(step: FlowStep, language: string, check: (content: MessageContent) => void): Unsayable | undefined {
  const values = new Map(variablesOf(step).map((name) => [name, 'x']));
  try {
    check(render(step, language, values));
    return undefined;
  } catch (error) {
    if (!isUnsayable(error)) throw error;
    // What the step says on its own has been looked at.
    return error instanceof ContentRefused ? undefined : error;
  }
}

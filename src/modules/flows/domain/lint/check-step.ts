import type { FlowStep, StepKind } from '../flow-step.js';
import { checkBranches } from './check-branches.js';
import { checkMedia, checkWhatsappTemplate } from './check-files.js';
import type { Finding } from './finding.js';
import { checkPattern, checkText, error, type LocalFinding, type LocalFindings, warning } from './local-finding.js';
import { STEP_LIMITS } from './step-limits.js';
import { withValues } from './texts.js';

/** What a kind shows, beside its body and buttons. */
const SHOWS: Readonly<Record<StepKind, readonly string[]>> = {
  text: [],
  interactive_button: ['header', 'footer'],
  interactive_list: ['header', 'footer', 'listButton'],
  media: ['media'],
  whatsapp_template: ['whatsappTemplate', 'media'],
};
const SHOWN_BY_SOME = ['header', 'footer', 'listButton', 'media', 'whatsappTemplate'] as const;

/** Merchants choose keys that can stand in a path. */
export const KEY = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/;
const ANSWER_NAME = /^[\p{L}_][\p{L}\p{N}_]{0,63}$/u;

/** What is to be said about a step on its own; where it leads is not looked at. */
export function checkStep(step: FlowStep): Finding[] {
  return [...findingsOf(step)].map(({ severity, code, field, message }) => ({
    severity,
    code,
    where: { templateKey: step.key, field },
    message,
  }));
}

function* findingsOf(step: FlowStep): LocalFindings {
  if (!KEY.test(step.key))
    yield error('KEY_REFUSED', 'key', 'A key is letters, digits, `_`, `-` and `.`, up to 64 of them.');
  yield* checkBody(step);
  yield* checkFrame(step, '');
  for (const [language, texts] of Object.entries(step.translations)) {
    const path = `translations.${language}.`;
    if (texts.body !== undefined) yield* checkBody({ ...step, body: texts.body }, path);
    yield* checkFrame(texts, path);
    if (texts.whatsappTemplate && step.kind !== 'whatsapp_template')
      yield notShown(`${path}whatsappTemplate`, step.kind);
  }
  yield* checkBranches(step);
  yield* checkKind(step);
  if (step.kind === 'media' || (step.kind === 'whatsapp_template' && step.media)) yield* checkMedia(step);
  if (step.kind === 'whatsapp_template') yield* checkWhatsappTemplate(step);
  yield* checkQuestion(step);
  yield* checkBraces(step);
}

function* checkBody({ kind, body, media }: FlowStep, path = ''): LocalFindings {
  const field = `${path}body`;
  if (kind === 'whatsapp_template' || (kind === 'media' && media?.kind === 'audio')) {
    if (body !== '') yield notShown(field, kind);
    return;
  }
  if (kind === 'media') {
    if (body !== '') yield* checkText(field, body, STEP_LIMITS.caption);
    return;
  }
  yield* checkText(field, body, kind === 'text' ? STEP_LIMITS.text : STEP_LIMITS.interactiveBody);
}

function* checkFrame(
  texts: { readonly header?: string; readonly footer?: string; readonly listButton?: string },
  path: string,
): LocalFindings {
  for (const field of ['header', 'footer', 'listButton'] as const)
    if (texts[field] !== undefined) yield* checkText(path + field, texts[field], STEP_LIMITS[field]);
}

function* checkKind(step: FlowStep): LocalFindings {
  for (const field of SHOWN_BY_SOME)
    if (step[field] !== undefined && !SHOWS[step.kind].includes(field)) yield notShown(field, step.kind);
}

function* checkQuestion({ collects, handsOff }: FlowStep): LocalFindings {
  if (!collects) return;
  if (!ANSWER_NAME.test(collects.as))
    yield error('ANSWER_NAME_REFUSED', 'collects.as', 'The name of an answer is letters, digits and `_`.');
  if (handsOff)
    yield warning('NEVER_ANSWERED', 'collects', 'A person answers after this step: what it asks for is not collected.');
  if (collects.pattern !== undefined) yield* checkPattern('collects.pattern', collects.pattern);
}

/** Braces that are no variable would be shown as they stand. */
function* checkBraces(step: FlowStep): LocalFindings {
  const texts: [string, string | undefined][] = [
    ['body', step.body],
    ['header', step.header],
    ['footer', step.footer],
    ...step.branches.map(({ title }, index): [string, string] => [`buttons[${index}].title`, title]),
    ...Object.entries(step.translations).map(([language, { body }]): [string, string | undefined] => [
      `translations.${language}.body`,
      body,
    ]),
  ];
  for (const [field, text] of texts)
    if (text !== undefined && /\{\{|\}\}/.test(withValues(text)))
      yield warning('NOT_A_VARIABLE', field, 'It has braces that are no variable, and are shown as they stand.');
}

function notShown(field: string, kind: StepKind): LocalFinding {
  return warning('NOT_OF_THIS_KIND', field, `${field} is not shown by a step of the kind ${kind}.`);
}

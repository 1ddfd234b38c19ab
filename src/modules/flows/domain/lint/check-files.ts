import type { FlowStep, StepTemplate } from '../flow-step.js';
import { positionsOf } from '../quick-replies.js';
import { checkText, error, type LocalFindings } from './local-finding.js';
import { STEP_LIMITS } from './step-limits.js';
import { isBlank, leastLength, withValues } from './texts.js';

export function* checkMedia({ media }: FlowStep): LocalFindings {
  if (!media) return yield error('MEDIA_MISSING', 'media', 'A step of the kind media names its media.');
  const { mediaId, link } = media;
  if ((mediaId === undefined) === (link === undefined))
    return yield error('MEDIA_MISSING', 'media', 'Media is named by either `mediaId` or `link`.');
  if (mediaId !== undefined) yield* checkText('media.mediaId', mediaId, STEP_LIMITS.mediaId);
  if (link !== undefined && !isAddress(link))
    yield error('MEDIA_LINK_REFUSED', 'media.link', 'The link must be an http(s) address.');
}

/** The step's template, and those that it has in other languages. */
export function* checkWhatsappTemplate(step: FlowStep): LocalFindings {
  const { whatsappTemplate, media, translations } = step;
  if (!whatsappTemplate)
    yield error(
      'WHATSAPP_TEMPLATE_MISSING',
      'whatsappTemplate',
      'A step of the kind whatsapp_template names its template.',
    );
  if (media?.kind === 'audio')
    yield error('WHATSAPP_TEMPLATE_REFUSED', 'media.kind', 'The header of a template shows no audio.');
  if (whatsappTemplate) yield* checkTemplate(whatsappTemplate, 'whatsappTemplate', step);
  for (const [language, { whatsappTemplate: spoken }] of Object.entries(translations))
    if (spoken) yield* checkTemplate(spoken, `translations.${language}.whatsappTemplate`, step);
}

function* checkTemplate(template: StepTemplate, field: string, { media, branches }: FlowStep): LocalFindings {
  const { name, language, variables = {}, headerVariables = {}, buttons = [] } = template;
  if (!/^[a-z0-9_]+$/.test(name) || name.length > STEP_LIMITS.templateName)
    yield error('WHATSAPP_TEMPLATE_REFUSED', `${field}.name`, 'A name is lower-case letters, digits and `_`.');
  if (!/^[a-z]{2,3}(_[A-Z]{2,4})?$/.test(language))
    yield error('WHATSAPP_TEMPLATE_REFUSED', `${field}.language`, 'A language is as Meta writes it: en, en_US.');
  yield* checkVariables(variables, `${field}.variables`, STEP_LIMITS.templateVariable);
  yield* checkVariables(headerVariables, `${field}.headerVariables`, STEP_LIMITS.templateHeader);
  if (media && Object.keys(headerVariables).length > 0)
    yield error('WHATSAPP_TEMPLATE_REFUSED', `${field}.headerVariables`, 'A header shows either a text or a file.');
  for (const [at, { kind, value }] of buttons.entries())
    yield* checkText(`${field}.buttons[${at}].value`, value, STEP_LIMITS.templateButtonValue[kind]);
  yield* checkPositions(template, field, branches);
}

function* checkPositions({ buttons = [] }: StepTemplate, field: string, branches: FlowStep['branches']): LocalFindings {
  const valued = buttons.map(({ index }) => index);
  const positions = [...valued, ...positionsOf(branches, valued)];
  if (new Set(positions).size < positions.length)
    yield error('WHATSAPP_TEMPLATE_REFUSED', `${field}.buttons`, 'Two buttons have the same position.');
  const last = STEP_LIMITS.templateButtons - 1;
  if (positions.some((position) => !Number.isInteger(position) || position < 0 || position > last))
    yield error('WHATSAPP_TEMPLATE_REFUSED', `${field}.buttons`, `Positions of buttons are 0 to ${last}.`);
}

/** Named as the template names them, or 1, 2, 3 without a gap. */
function* checkVariables(variables: Readonly<Record<string, string>>, field: string, most: number): LocalFindings {
  for (const [variable, text] of Object.entries(variables)) {
    if (!/^[a-z0-9_]+$/.test(variable))
      yield error('WHATSAPP_TEMPLATE_REFUSED', field, `"${variable}" is not a name of a variable.`);
    yield* checkText(`${field}.${variable}`, text, most);
    if (/[\n\r\t]| {5}/.test(text))
      yield error(
        'WHATSAPP_TEMPLATE_REFUSED',
        `${field}.${variable}`,
        'It must not hold line breaks, tabs or more than four spaces in a row.',
      );
  }
  const positions = Object.keys(variables).filter((variable) => /^\d+$/.test(variable));
  if (positions.length > 0 && !Object.keys(variables).every((_, index) => String(index + 1) in variables))
    yield error('WHATSAPP_TEMPLATE_REFUSED', field, 'Variables are either named, or 1, 2, 3 without a gap.');
}

function isAddress(link: string): boolean {
  if (isBlank(link) || leastLength(link) > STEP_LIMITS.link) return false;
  const address = withValues(link);
  return URL.canParse(address) && /^https?:$/.test(new URL(address).protocol);
}

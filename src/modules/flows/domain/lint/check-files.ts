import type { FlowStep } from '../flow-step.js';
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

/** Variables are named as the template names them, or 1, 2, 3 without a gap. */
export function* checkWhatsappTemplate({ whatsappTemplate }: FlowStep): LocalFindings {
  const field = 'whatsappTemplate';
  if (!whatsappTemplate)
    return yield error('WHATSAPP_TEMPLATE_MISSING', field, 'A step of the kind whatsapp_template names its template.');
  const { name, language, variables = {} } = whatsappTemplate;
  if (!/^[a-z0-9_]+$/.test(name) || name.length > STEP_LIMITS.templateName)
    yield error('WHATSAPP_TEMPLATE_REFUSED', `${field}.name`, 'A name is lower-case letters, digits and `_`.');
  if (!/^[a-z]{2,3}(_[A-Z]{2,4})?$/.test(language))
    yield error('WHATSAPP_TEMPLATE_REFUSED', `${field}.language`, 'A language is as Meta writes it: en, en_US.');
  for (const [variable, text] of Object.entries(variables)) {
    if (!/^[a-z0-9_]+$/.test(variable))
      yield error('WHATSAPP_TEMPLATE_REFUSED', `${field}.variables`, `"${variable}" is not a name of a variable.`);
    yield* checkText(`${field}.variables.${variable}`, text, STEP_LIMITS.templateVariable);
    if (/[\n\r\t]| {5}/.test(text))
      yield error(
        'WHATSAPP_TEMPLATE_REFUSED',
        `${field}.variables.${variable}`,
        'It must not hold line breaks, tabs or more than four spaces in a row.',
      );
  }
  const positions = Object.keys(variables).filter((variable) => /^\d+$/.test(variable));
  if (positions.length > 0 && !Object.keys(variables).every((_, index) => String(index + 1) in variables))
    yield error(
      'WHATSAPP_TEMPLATE_REFUSED',
      `${field}.variables`,
      'Variables are either named, or 1, 2, 3 without a gap.',
    );
}

function isAddress(link: string): boolean {
  if (isBlank(link) || leastLength(link) > STEP_LIMITS.link) return false;
  const address = withValues(link);
  return URL.canParse(address) && /^https?:$/.test(new URL(address).protocol);
}

import type { TemplateContent, TemplateVariables } from '../message-content.js';
import { buttonsOf, componentOf, filled, isUsable, lengthOf, type Template, textIn, wordIn } from './template.js';
import { bodyText, parametersOf } from './template-parameters.js';

/** Why a template cannot be sent as it was ordered. */
export interface TemplateFault {
  readonly code:
    | 'TEMPLATE_NOT_APPROVED'
    | 'TEMPLATE_PAUSED'
    | 'TEMPLATE_DISABLED'
    | 'TEMPLATE_UNKNOWN'
    | 'LANGUAGE_UNKNOWN'
    | 'PARAMETER_MISSING'
    | 'PARAMETER_UNKNOWN'
    | 'PARAMETER_COUNT'
    | 'PARAMETER_FORMAT'
    | 'PARAMETER_TEXT'
    | 'MEDIA_MISSING'
    | 'MEDIA_KIND'
    | 'BUTTON_MISSING'
    | 'BUTTON_UNKNOWN'
    | 'TOO_LONG';
  /** header | body | buttons.<index> | template */
  readonly where: string;
  readonly message: string;
}

const BODY_LIMIT = 1024;
const HEADER_LIMIT = 60;

/**
 * Everything that the provider would refuse about a send (S1.36-S1.38; Meta's codes 132000-132018), found before anything is queued. A
 * missing variable is a refusal, never a blank (C19). Kinds of components that are not known here are left to the provider.
 */
export function checkTemplate(template: Template, content: TemplateContent): TemplateFault[] {
  if (!isUsable(template)) return [unusable(template)];
  const parameters = parametersOf(template);
  const { format } = parameters;
  return [
    ...checkHeader(template, content),
    ...checkVariables('body', parameters.body, format, content.body),
    ...checkLength('body', BODY_LIMIT, bodyText(template), content.body),
    ...checkButtons(template, content),
  ];
}

/** Kinds whose variables a `TemplateContent` can fill, and those that have none. */
const FILLED_COMPONENTS = new Set(['HEADER', 'BODY', 'FOOTER', 'BUTTONS']);
const FILLED_BUTTONS = new Set([
  'QUICK_REPLY',
  'URL',
  'PHONE_NUMBER',
  'VOICE_CALL',
  'COPY_CODE',
  'OTP',
  'FLOW',
  'CATALOG',
]);

/** Whether somebody could send it now: it is approved and needs no more than an order can give. */
export function canBeSent(template: Template): boolean {
  return (
    isUsable(template) &&
    template.components.length > 0 &&
    template.components.every(({ type }) => FILLED_COMPONENTS.has(wordIn(type))) &&
    buttonsOf(template).every(({ type }) => FILLED_BUTTONS.has(wordIn(type))) &&
    parametersOf(template).header?.kind !== 'location'
  );
}

function unusable({ name, language, status }: Template): TemplateFault {
  const code =
    status === 'paused' ? 'TEMPLATE_PAUSED' : status === 'disabled' ? 'TEMPLATE_DISABLED' : 'TEMPLATE_NOT_APPROVED';
  return { code, where: 'template', message: `Template ${name} (${language}) is ${status.replaceAll('_', ' ')}.` };
}

function checkHeader(template: Template, { header: given }: TemplateContent): TemplateFault[] {
  const { header, format } = parametersOf(template);
  const file = given && 'kind' in given ? given : undefined;
  const variables = given && !('kind' in given) ? given : undefined;
  if (header && header.kind !== 'text') {
    if (!file)
      return [
        { code: 'MEDIA_MISSING', where: 'header', message: `The header shows a ${header.kind}: none was given.` },
      ];
    return file.kind === header.kind
      ? []
      : [{ code: 'MEDIA_KIND', where: 'header', message: `The header shows a ${header.kind}, not a ${file.kind}.` }];
  }
  if (file) return [{ code: 'PARAMETER_UNKNOWN', where: 'header', message: 'The header shows no file.' }];
  return [
    ...checkVariables('header', header?.names ?? [], format, variables),
    ...checkLength('header', HEADER_LIMIT, textIn(componentOf(template, 'HEADER')?.['text']), variables),
  ];
}

function checkVariables(
  where: 'header' | 'body',
  names: readonly string[],
  format: Template['parameterFormat'],
  given: TemplateVariables | undefined,
): TemplateFault[] {
  if (given === undefined)
    return names.map((name) => ({ code: 'PARAMETER_MISSING', where, message: `{{${name}}} was not given.` }));
  if ('positional' in given) {
    const { positional } = given;
    if (format === 'named' && names.length > 0)
      return [{ code: 'PARAMETER_FORMAT', where, message: `The variables have names: ${names.join(', ')}.` }];
    if (positional.length !== names.length)
      return [
        {
          code: 'PARAMETER_COUNT',
          where,
          message: `The template has ${names.length} variables here, ${positional.length} were given.`,
        },
      ];
    return positional.flatMap((text, index) => checkText(where, String(index + 1), text));
  }
  const { named } = given;
  if (format === 'positional' && names.length > 0)
    return [{ code: 'PARAMETER_FORMAT', where, message: 'The variables have numbers: give a list.' }];
  return [
    ...names
      .filter((name) => !Object.hasOwn(named, name))
      .map((name) => ({ code: 'PARAMETER_MISSING' as const, where, message: `{{${name}}} was not given.` })),
    ...Object.keys(named)
      .filter((name) => !names.includes(name))
      .map((name) => ({ code: 'PARAMETER_UNKNOWN' as const, where, message: `The template has no {{${name}}} here.` })),
    ...Object.entries(named).flatMap(([name, text]) => checkText(where, name, text)),
  ];
}

/** Meta's 132018: the text would break the template's own layout. */
function checkText(where: string, name: string, text: string): TemplateFault[] {
  if (text.trim() === '') return [{ code: 'PARAMETER_MISSING', where, message: `{{${name}}} is empty.` }];
  return /[\n\r\t]| {5,}/.test(text)
    ? [
        {
          code: 'PARAMETER_TEXT',
          where,
          message: `{{${name}}} may hold no line break, no tab and no more than four spaces in a row.`,
        },
      ]
    : [];
}

function checkLength(
  where: 'header' | 'body',
  limit: number,
  text: string,
  given: TemplateVariables | undefined,
): TemplateFault[] {
  const length = lengthOf(filled(text, valuesOf(given)));
  return length <= limit
    ? []
    : [{ code: 'TOO_LONG', where, message: `With its variables it has ${length} characters, ${limit} are allowed.` }];
}

function checkButtons(template: Template, { buttons: given = [] }: TemplateContent): TemplateFault[] {
  const { buttons } = parametersOf(template);
  const all = buttonsOf(template);
  return [
    ...buttons
      .filter(({ index, required }) => required && !given.some((one) => one.index === index && one.value !== ''))
      .map(({ index, title }) => ({
        code: 'BUTTON_MISSING' as const,
        where: `buttons.${index}`,
        message: `Button ${index}${title === '' ? '' : ` (${title})`} needs a value.`,
      })),
    ...given.flatMap(({ index, kind }): TemplateFault[] => {
      const where = `buttons.${index}`;
      const button = all[index];
      if (!button)
        return [{ code: 'BUTTON_UNKNOWN', where, message: `The template has no button at position ${index}.` }];
      const known = buttons.find((one) => one.index === index);
      if (known?.kind === kind || (kind === 'copy_code' && wordIn(button['type']) === 'OTP')) return [];
      return [
        {
          code: 'BUTTON_UNKNOWN',
          where,
          message: known ? `Button ${index} takes ${known.kind}, not ${kind}.` : `Button ${index} takes no value.`,
        },
      ];
    }),
  ];
}

/** Values by the name that stands in the text. */
export function valuesOf(given: TemplateVariables | undefined): ReadonlyMap<string, string> {
  if (given === undefined) return new Map();
  return 'positional' in given
    ? new Map(given.positional.map((text, index) => [String(index + 1), text]))
    : new Map(Object.entries(given.named));
}

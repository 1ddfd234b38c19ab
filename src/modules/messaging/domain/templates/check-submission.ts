import { lengthOf, type ParameterFormat, partIn, type TemplatePart, textIn, variablesOf, wordIn } from './template.js';

export const TEMPLATE_CATEGORIES = ['utility', 'marketing', 'authentication'] as const;
export type TemplateCategory = (typeof TEMPLATE_CATEGORIES)[number];

/** A template as a merchant submits it for review. */
export interface TemplateSubmission {
  readonly name: string;
  readonly language: string;
  readonly category: TemplateCategory;
  readonly parameterFormat: ParameterFormat;
  /** In the provider's own words (Meta, "Template components"). */
  readonly components: readonly TemplatePart[];
}

export interface SubmissionFault {
  readonly field: string;
  readonly message: string;
}

const HEADER_LIMIT = 60;
const BODY_LIMIT = 1024;
const FOOTER_LIMIT = 60;
const BUTTON_TEXT_LIMIT = 25;
const BUTTON_LIMIT = 10;
const URL_LIMIT = 2000;
const FILE_HEADERS = ['IMAGE', 'VIDEO', 'DOCUMENT'];

/** What the provider would refuse without a review (Meta, "Templates", "Template components"). Kinds that are not known here pass. */
export function checkSubmission(submission: TemplateSubmission): SubmissionFault[] {
  const { name, language, category, components, parameterFormat } = submission;
  const kinds = components.map(({ type }) => wordIn(type));
  return [
    ...fault(!/^[a-z0-9_]{1,512}$/.test(name), 'name', 'has 1 to 512 lower-case letters, digits and underscores'),
    ...fault(!/^[a-z]{2,3}(_[A-Z]{2,3})?$/.test(language), 'language', 'is a code such as en or en_US'),
    ...fault(!kinds.includes('BODY'), 'components', 'need a BODY'),
    ...fault(new Set(kinds).size !== kinds.length, 'components', 'stand once each'),
    ...components.flatMap((component, index) =>
      checkComponent(component, `components.${index}`, parameterFormat, category),
    ),
  ];
}

function checkComponent(
  component: TemplatePart,
  field: string,
  format: ParameterFormat,
  category: string,
): SubmissionFault[] {
  const text = textIn(component['text']);
  switch (wordIn(component['type'])) {
    case 'HEADER':
      return checkHeader(component, text, field, format);
    case 'BODY':
      // The provider words it itself.
      if (category === 'authentication') return [];
      return [
        ...fault(text === '' || lengthOf(text) > BODY_LIMIT, field, `has 1 to ${BODY_LIMIT} characters`),
        ...fault(/^\s*\{\{[^}]*\}\}|\{\{[^}]*\}\}\s*$/.test(text), field, 'neither begins nor ends with a variable'),
        ...checkNumbering(text, field, format),
        ...checkExamples(component, text, field, format, 'body_text'),
      ];
    case 'FOOTER':
      return [
        ...fault(lengthOf(text) > FOOTER_LIMIT, field, `has at most ${FOOTER_LIMIT} characters`),
        ...fault(variablesOf(text).length > 0, field, 'holds no variable'),
      ];
    case 'BUTTONS':
      return checkButtons(component, field);
    default:
      return [];
  }
}

function checkHeader(component: TemplatePart, text: string, field: string, format: ParameterFormat): SubmissionFault[] {
  const kind = wordIn(component['format']);
  if (FILE_HEADERS.includes(kind))
    return fault(!partIn(component['example'])['header_handle'], field, 'needs an example: example.header_handle');
  if (kind !== 'TEXT') return [];
  return [
    ...fault(text === '' || lengthOf(text) > HEADER_LIMIT, field, `has 1 to ${HEADER_LIMIT} characters`),
    ...fault(variablesOf(text).length > 1, field, 'holds one variable at most'),
    ...checkNumbering(text, field, format),
    ...checkExamples(component, text, field, format, 'header_text'),
  ];
}

function checkNumbering(text: string, field: string, format: ParameterFormat): SubmissionFault[] {
  const variables = variablesOf(text);
  return format === 'named'
    ? fault(!variables.every((one) => /^[a-z][a-z0-9_]*$/.test(one)), field, 'has variables such as {{first_name}}')
    : fault(!variables.every((one, n) => one === String(n + 1)), field, 'numbers its variables {{1}}, {{2}} ...');
}

function checkExamples(
  component: TemplatePart,
  text: string,
  field: string,
  format: ParameterFormat,
  list: 'body_text' | 'header_text',
): SubmissionFault[] {
  const variables = variablesOf(text);
  if (variables.length === 0) return [];
  const given = partIn(component['example'])[format === 'named' ? `${list}_named_params` : list];
  const examples: unknown[] = Array.isArray(given) ? given : [];
  const flat = format === 'positional' && list === 'body_text' && Array.isArray(examples[0]) ? examples[0] : examples;
  return fault(flat.length !== variables.length, field, `needs an example of each variable: example.${list}`);
}

function checkButtons(component: TemplatePart, field: string): SubmissionFault[] {
  const buttons = Array.isArray(component['buttons']) ? (component['buttons'] as unknown[]).map(partIn) : [];
  return [
    ...fault(buttons.length < 1 || buttons.length > BUTTON_LIMIT, field, `are 1 to ${BUTTON_LIMIT}`),
    ...buttons.flatMap((button, index) => {
      const place = `${field}.buttons.${index}`;
      const kind = wordIn(button['type']);
      const text = textIn(button['text']);
      const url = textIn(button['url']);
      return [
        ...fault(
          ['QUICK_REPLY', 'URL', 'PHONE_NUMBER'].includes(kind) && (text === '' || lengthOf(text) > BUTTON_TEXT_LIMIT),
          place,
          `has a text of 1 to ${BUTTON_TEXT_LIMIT} characters`,
        ),
        ...fault(kind === 'URL' && (url === '' || url.length > URL_LIMIT), place, 'needs an url'),
        ...fault(
          kind === 'URL' && variablesOf(url).length > 0 && !button['example'],
          place,
          'needs an example of its url',
        ),
        ...fault(kind === 'PHONE_NUMBER' && textIn(button['phone_number']) === '', place, 'needs a phone_number'),
      ];
    }),
  ];
}

function fault(isFault: boolean, field: string, message: string): SubmissionFault[] {
  return isFault ? [{ field, message: `${field} ${message}.` }] : [];
}

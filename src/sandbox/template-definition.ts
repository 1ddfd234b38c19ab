import { GraphError } from './graph-error.js';
import { arrayOf, isObject, type JsonObject, lengthOf, objectOf, textOf } from './json-input.js';

const CATEGORIES = ['MARKETING', 'UTILITY', 'AUTHENTICATION'];
const HEADER_FORMATS = ['TEXT', 'IMAGE', 'VIDEO', 'DOCUMENT', 'LOCATION'];
const BUTTON_TYPES = [
  'QUICK_REPLY',
  'URL',
  'PHONE_NUMBER',
  'COPY_CODE',
  'OTP',
  'FLOW',
  'CATALOG',
  'MPM',
  'SPM',
  'ORDER_DETAILS',
  'VOICE_CALL',
  'REQUEST_CONTACT_INFO',
];

/** A template as a merchant submits it. */
export interface TemplateDefinition {
  readonly name: string;
  readonly language: string;
  readonly category: string;
  readonly parameter_format: 'NAMED' | 'POSITIONAL';
  readonly components: JsonObject[];
}

/**
 * Checks a submission as Meta's review form does before any review: name, category, limits, variables and their examples.
 * @throws GraphError 100, with Meta's subcode where the pages name one
 */
export function readTemplateDefinition(body: unknown): TemplateDefinition {
  const given = objectOf(body);
  const name = textOf(given['name']) ?? '';
  if (!/^[a-z0-9_]{1,512}$/.test(name))
    throw invalid('name must be 1 to 512 lower-case letters, digits and underscores');
  const language = textOf(given['language']) ?? '';
  if (!/^[a-z]{2,3}(_[A-Z]{2,3})?$/.test(language)) throw invalid('language must be a locale code such as en or en_US');
  const category = (textOf(given['category']) ?? '').toUpperCase();
  if (!CATEGORIES.includes(category)) throw invalid(`category must be one of ${CATEGORIES.join(', ')}`);
  const components = arrayOf(given['components']).filter(isObject);
  const isNamed = textOf(given['parameter_format'])?.toUpperCase() === 'NAMED';
  const format = isNamed ? 'NAMED' : 'POSITIONAL';
  const kinds = components.map((component) => textOf(component['type'])?.toUpperCase());
  if (new Set(kinds).size !== kinds.length) throw invalid('a component may stand only once');
  if (!kinds.includes('BODY')) throw invalid('a BODY component is required');
  for (const component of components) checkComponent(component, format, category);
  return { name, language, category, parameter_format: format, components };
}

function checkComponent(component: JsonObject, format: 'NAMED' | 'POSITIONAL', category: string): void {
  const text = textOf(component['text']) ?? '';
  switch (textOf(component['type'])?.toUpperCase()) {
    case 'HEADER':
      return checkHeader(component, text, format);
    case 'BODY':
      if (category === 'AUTHENTICATION') return;
      if (text === '' || lengthOf(text) > 1024) throw invalid('the body must have 1 to 1024 characters', 2388040);
      return checkVariables(text, format);
    case 'FOOTER':
      if (lengthOf(text) > 60) throw invalid('the footer may have at most 60 characters', 2388040);
      if (variablesOf(text).length > 0) throw invalid('the footer may hold no variable', 2388073);
      return;
    case 'BUTTONS':
      return checkButtons(arrayOf(component['buttons']).map(objectOf));
    case 'CAROUSEL':
    case 'LIMITED_TIME_OFFER':
      return;
    default:
      throw invalid(`component type ${String(component['type'])} is not supported`);
  }
}

function checkHeader(component: JsonObject, text: string, format: 'NAMED' | 'POSITIONAL'): void {
  const kind = textOf(component['format'])?.toUpperCase() ?? '';
  if (!HEADER_FORMATS.includes(kind)) throw invalid('the header has no known format', 2388047);
  if (kind !== 'TEXT') return;
  if (text === '' || lengthOf(text) > 60) throw invalid('the header must have 1 to 60 characters', 2388040);
  const variables = variablesOf(text);
  if (variables.length > 1) throw invalid('the header may hold one variable', 2388047);
  checkNumbering(variables, format, 2388047);
}

function checkVariables(text: string, format: 'NAMED' | 'POSITIONAL'): void {
  const variables = variablesOf(text);
  checkNumbering(variables, format, 2388072);
  if (/^\s*\{\{[^}]*\}\}|\{\{[^}]*\}\}\s*$/.test(text))
    throw invalid('variables may not stand at the start or the end', 2388299);
  const words = text.split(/\s+/).length;
  if (words < variables.length * 2 + 1) throw invalid('too many variables for the length of the text', 2388293);
}

function checkNumbering(variables: string[], format: 'NAMED' | 'POSITIONAL', subcode: number): void {
  const isRight =
    format === 'NAMED'
      ? variables.every((name) => /^[a-z][a-z0-9_]*$/.test(name))
      : variables.every((name, index) => name === String(index + 1));
  if (!isRight) throw invalid('the variables do not follow the parameter format', subcode);
}

function checkButtons(buttons: JsonObject[]): void {
  if (buttons.length < 1 || buttons.length > 10) throw invalid('a template has 1 to 10 buttons');
  for (const button of buttons) {
    const type = textOf(button['type'])?.toUpperCase() ?? '';
    if (!BUTTON_TYPES.includes(type)) throw invalid(`button type ${type} is not supported`);
    const needsText = ['QUICK_REPLY', 'URL', 'PHONE_NUMBER'].includes(type);
    const text = textOf(button['text']) ?? '';
    if (needsText && (text === '' || lengthOf(text) > 25))
      throw invalid('a button text has 1 to 25 characters', 2388040);
    if (type === 'URL' && !textOf(button['url'])) throw invalid('a URL button needs a url');
  }
}

/** The variables of a text in order of first appearance: `{{1}}` gives "1", `{{name}}` gives "name". */
export function variablesOf(text: string): string[] {
  if (!text.includes('{{')) return [];
  return [...new Set([...text.matchAll(/\{\{\s*([^{}]+?)\s*\}\}/g)].map((match) => match[1] ?? ''))];
}

function invalid(details: string, subcode?: number): GraphError {
  return new GraphError(100, details, subcode === undefined ? {} : { subcode });
}

import { GraphError } from './graph-error.js';
import { arrayOf, type JsonObject, lengthOf, objectOf, textOf } from './json-input.js';
import { variablesOf } from './template-definition.js';
import { buttonsOf, componentOf, type Template } from './templates.js';

const MEDIA_HEADERS = ['IMAGE', 'VIDEO', 'DOCUMENT'];

/** What the phone shows of a template message. */
export interface RenderedTemplate {
  readonly header?: string;
  readonly body: string;
  readonly footer?: string;
  /** Quick replies with the payload that a tap sends back. */
  readonly quickReplies: readonly { readonly text: string; readonly payload: string }[];
}

/**
 * Checks the parameters of a send against the template's definition and fills them in.
 * @throws GraphError 132000 wrong count, 132001 not approved, 132005 too long, 132012 wrong format, 132015 paused, 132016 disabled, 132018 forbidden characters
 */
export function renderTemplate(template: Template, sent: JsonObject): RenderedTemplate {
  refuseUnlessApproved(template);
  const components = arrayOf(sent['components']).map(objectOf);
  const header = renderHeader(template, componentNamed(components, 'header'));
  const body = fill(
    template,
    'body',
    textOf(componentOf(template, 'BODY')?.['text']) ?? '',
    componentNamed(components, 'body'),
  );
  if (lengthOf(body) > 1024)
    throw new GraphError(132005, `Translated text of the body is too long: ${lengthOf(body)} characters.`);
  const footer = textOf(componentOf(template, 'FOOTER')?.['text']);
  const buttons = components.filter((component) => textOf(component['type'])?.toLowerCase() === 'button');
  return {
    ...(header === undefined ? {} : { header }),
    body,
    ...(footer === undefined ? {} : { footer }),
    quickReplies: checkButtons(template, buttons),
  };
}

function refuseUnlessApproved({ status, name, language }: Template): void {
  if (status === 'PAUSED') throw new GraphError(132015, `Template ${name} (${language}) is paused due to low quality.`);
  if (status === 'DISABLED') throw new GraphError(132016, `Template ${name} (${language}) is disabled.`);
  if (status !== 'APPROVED') throw templateMissing(name, language);
}

export function templateMissing(name: string, language: string): GraphError {
  return new GraphError(132001, `template name (${name}) does not exist in ${language}`);
}

function componentNamed(components: JsonObject[], type: string): JsonObject[] {
  const component = components.find((one) => textOf(one['type'])?.toLowerCase() === type);
  return arrayOf(component?.['parameters']).map(objectOf);
}

function renderHeader(template: Template, parameters: JsonObject[]): string | undefined {
  const header = componentOf(template, 'HEADER');
  if (!header) {
    if (parameters.length > 0) throw wrongCount('header', parameters.length, 0);
    return undefined;
  }
  const format = textOf(header['format'])?.toUpperCase() ?? 'TEXT';
  if (format === 'TEXT') return fill(template, 'header', textOf(header['text']) ?? '', parameters);
  if (parameters.length !== 1) throw wrongCount('header', parameters.length, 1);
  const kind = format.toLowerCase();
  const parameter = parameters[0] ?? {};
  if (parameter['type'] !== kind)
    throw wrongFormat('header', `expected ${format}, received ${String(parameter['type']).toUpperCase()}`);
  const value = objectOf(parameter[kind]);
  if (MEDIA_HEADERS.includes(format) && !value['id'] && !value['link']) throw GraphError.missing(`header.${kind}.id`);
  return `[${kind}]`;
}

function fill(template: Template, where: string, text: string, parameters: JsonObject[]): string {
  const variables = variablesOf(text);
  if (parameters.length !== variables.length) throw wrongCount(where, parameters.length, variables.length);
  const values = new Map<string, string>();
  parameters.forEach((parameter, index) => {
    const name = template.parameter_format === 'NAMED' ? textOf(parameter['parameter_name']) : String(index + 1);
    if (name === undefined || !variables.includes(name)) {
      throw wrongFormat(where, `parameter name '${name ?? ''}' is missing or not in the template`);
    }
    values.set(name, parameterText(parameter, where));
  });
  const missing = variables.find((name) => !values.has(name));
  if (missing !== undefined) throw wrongFormat(where, `parameter '${missing}' is missing`);
  return text.replace(/\{\{\s*([^{}]+?)\s*\}\}/g, (_, name: string) => values.get(name) ?? '');
}

function parameterText(parameter: JsonObject, where: string): string {
  switch (parameter['type']) {
    case 'text': {
      const text = textOf(parameter['text']);
      if (text === undefined || text === '') throw GraphError.missing(`${where}.parameters.text`);
      if (/[\n\t]| {5,}/.test(text)) {
        throw new GraphError(
          132018,
          'Param text cannot have new-line/tab characters or more than 4 consecutive spaces',
        );
      }
      return text;
    }
    case 'currency':
      return requiredFallback(objectOf(parameter['currency']), where);
    case 'date_time':
      return requiredFallback(objectOf(parameter['date_time']), where);
    default:
      throw wrongFormat(where, `expected TEXT, received ${String(parameter['type']).toUpperCase()}`);
  }
}

function requiredFallback(value: JsonObject, where: string): string {
  const text = textOf(value['fallback_value']);
  if (!text) throw GraphError.missing(`${where}.parameters.fallback_value`);
  return text;
}

function checkButtons(template: Template, sent: JsonObject[]): RenderedTemplate['quickReplies'] {
  const buttons = buttonsOf(template);
  const parametersAt = new Map(sent.map((component) => [Number(component['index']), component]));
  for (const index of parametersAt.keys()) {
    if (!buttons[index]) throw wrongFormat('buttons', `the template has no button at index ${index}`);
  }
  return buttons.flatMap((button, index) => {
    const type = textOf(button['type'])?.toUpperCase();
    const component = parametersAt.get(index);
    const parameter = objectOf(arrayOf(component?.['parameters'])[0]);
    const kind = textOf(component?.['sub_type'])?.toUpperCase();
    if (component && kind !== type)
      throw wrongFormat('buttons', `button at index ${index} is ${String(type)}, received ${String(kind)}`);
    if (type === 'URL' && variablesOf(textOf(button['url']) ?? '').length > 0 && !textOf(parameter['text'])) {
      throw new GraphError(131008, `buttons: Button at index ${index} of type Url requires a parameter`);
    }
    if (type === 'COPY_CODE' && !textOf(parameter['coupon_code'])) {
      throw new GraphError(131008, `buttons: Button at index ${index} of type CopyCode requires a parameter`);
    }
    const text = textOf(button['text']) ?? '';
    return type === 'QUICK_REPLY' ? [{ text, payload: textOf(parameter['payload']) ?? text }] : [];
  });
}

function wrongCount(where: string, given: number, expected: number): GraphError {
  return new GraphError(
    132000,
    `${where}: number of localizable_params (${given}) does not match the expected number of params (${expected})`,
  );
}

function wrongFormat(where: string, details: string): GraphError {
  return new GraphError(132012, `${where}: ${details}`);
}

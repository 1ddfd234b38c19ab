/** A component, button or card of a template, as the provider has it (Meta, "Templates"). */
export type TemplatePart = Readonly<Record<string, unknown>>;

/** positional: {{1}}, {{2}}; named: {{name}} (C19). The provider decides it when the template is made. */
export type ParameterFormat = 'positional' | 'named';

/** What a check or a rendering needs to know of a template in one language. */
export interface Template {
  readonly name: string;
  /** The provider's code, exact: `en`, `en_US`. */
  readonly language: string;
  /** utility | marketing | authentication, or a word that the provider may add. */
  readonly category: string;
  /** approved | pending | rejected | paused | disabled | in_appeal | pending_deletion | deleted | ... */
  readonly status: string;
  readonly parameterFormat: ParameterFormat;
  readonly components: readonly TemplatePart[];
}

/** Only these may be sent. */
export function isUsable({ status }: Pick<Template, 'status'>): boolean {
  return status === 'approved';
}

/** The component of a kind: `HEADER`, `BODY`, `FOOTER`, `BUTTONS`. */
export function componentOf({ components }: Pick<Template, 'components'>, kind: string): TemplatePart | undefined {
  return components.find((component) => wordIn(component['type']) === kind);
}

export function buttonsOf(template: Pick<Template, 'components'>): readonly TemplatePart[] {
  const buttons = componentOf(template, 'BUTTONS')?.['buttons'];
  return Array.isArray(buttons) ? (buttons as unknown[]).map(partIn) : [];
}

/** The provider's words in upper case: it writes them either way. */
export function wordIn(value: unknown): string {
  return typeof value === 'string' ? value.toUpperCase() : '';
}

export function textIn(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

export function partIn(value: unknown): TemplatePart {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as TemplatePart) : {};
}

/** The variables of a text in order of first appearance: `{{1}}` gives "1", `{{name}}` gives "name". */
export function variablesOf(text: string): string[] {
  return [...new Set([...text.matchAll(VARIABLE)].map((match) => match[1] ?? ''))];
}

/** The text with its variables filled in; one without a value stays as it is. */
export function filled(text: string, values: ReadonlyMap<string, string>): string {
  return text.replace(VARIABLE, (whole, name: string) => values.get(name) ?? whole);
}

const VARIABLE = /\{\{\s*([^{}\s]{1,100})\s*\}\}/g;

/** Characters as the provider counts them. */
export function lengthOf(text: string): number {
  return Array.from(text).length;
}

import { MissingVariables } from './flow-errors.js';
import type { FlowStep, StepTemplate, StepTranslation } from './flow-step.js';

const VARIABLE = /\{\{\s*([\p{L}_][\p{L}\p{N}_]*(?:\.[\p{L}\p{N}_]+)*)\s*\}\}/gu;

/** Names of the variables in a text, each once. */
export function variablesIn(text: string): readonly string[] {
  return [...new Set([...text.matchAll(VARIABLE)].map(([, name]) => name!))];
}

/** Names of all variables that a step shows in a language, each once. @param language left out: in any */
export function variablesOf(step: FlowStep, language?: string): readonly string[] {
  const translations = language === undefined ? Object.values(step.translations) : [step.translations[language] ?? {}];
  const texts = [
    ...textsOf(step),
    ...step.branches.flatMap(({ title, description }) => [title, description]),
    ...textsOfTemplate(step.whatsappTemplate),
    step.media?.link,
    ...translations.flatMap((translation) => [
      ...textsOf(translation),
      ...Object.values(translation.titles ?? {}),
      ...Object.values(translation.descriptions ?? {}),
      ...textsOfTemplate(translation.whatsappTemplate),
    ]),
  ];
  return [...new Set(texts.flatMap((text) => (text === undefined ? [] : variablesIn(text))))];
}

/** Puts values for names. @throws MissingVariables with all of the text's that are not there */
export function fill(text: string, values: ReadonlyMap<string, string>): string {
  const missing = variablesIn(text).filter((name) => !values.has(name));
  if (missing.length > 0) throw new MissingVariables(missing);
  return text.replace(VARIABLE, (_, name: string) => values.get(name)!);
}

function textsOfTemplate({ variables = {}, headerVariables = {}, buttons = [] }: Partial<StepTemplate> = {}): string[] {
  return [...Object.values(variables), ...Object.values(headerVariables), ...buttons.map(({ value }) => value)];
}

function textsOf({ body, header, footer, listButton }: StepTranslation): (string | undefined)[] {
  return [body, header, footer, listButton];
}

import { ValidateBy } from 'class-validator';
import type { StepTranslation } from '../../domain/flow-step.js';

const MOST = 50;
const LENGTH = 5000;
const TEXTS = ['body', 'header', 'footer', 'listButton'];

/** A field that holds texts by name. */
export function IsTexts(): PropertyDecorator {
  return ValidateBy({
    name: 'isTexts',
    validator: { validate: isTexts, defaultMessage: () => `$property must be up to ${MOST} texts by name` },
  });
}

/** A field that holds a step's texts by language. */
export function IsTranslations(): PropertyDecorator {
  return ValidateBy({
    name: 'isTranslations',
    validator: {
      validate: (value: unknown) =>
        isRecord(value) &&
        Object.entries(value).every(([language, texts]) => isLanguage(language) && isTranslation(texts)),
      defaultMessage: () =>
        `$property must be texts by language: {"hi": {"body": "…", "header": "…", "footer": "…", "listButton": "…", "titles": {"<id of a button>": "…"}}}`,
    },
  });
}

/** `en`, `hi`, `en-IN`, `pt_BR` */
export const LANGUAGE = /^[a-zA-Z]{2,3}([-_][a-zA-Z0-9]{2,8}){0,3}$/;

function isLanguage(text: string): boolean {
  return LANGUAGE.test(text);
}

function isTranslation(value: unknown): value is StepTranslation {
  return (
    isRecord(value) &&
    Object.entries(value).every(([member, text]) =>
      member === 'titles' ? isTexts(text) : TEXTS.includes(member) && isText(text),
    )
  );
}

function isTexts(value: unknown): boolean {
  return isRecord(value) && Object.values(value).every(isText);
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value.length <= LENGTH;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length <= MOST;
}

import { ValidateBy } from 'class-validator';
import { type StepTemplateButton, type StepTranslation, TEMPLATE_BUTTON_KINDS } from '../../domain/flow-step.js';

const MOST = 50;
const LENGTH = 5000;
const MOST_BUTTONS = 10;
const IS_MEMBER: Readonly<Record<keyof StepTranslation, (value: unknown) => boolean>> = {
  body: isText,
  header: isText,
  footer: isText,
  listButton: isText,
  titles: isTexts,
  descriptions: isTexts,
  whatsappTemplate: (value) => hasMembers(value, IS_TEMPLATE_MEMBER) && 'name' in value && 'language' in value,
};
const IS_TEMPLATE_MEMBER = {
  name: isText,
  language: isText,
  variables: isTexts,
  headerVariables: isTexts,
  buttons: isButtons,
};

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
        Object.entries(value).every(([language, texts]) => isLanguage(language) && hasMembers(texts, IS_MEMBER)),
      defaultMessage: () =>
        `$property must be texts by language: {"hi": {"body": "…", "header": "…", "footer": "…", "listButton": "…", "titles": {"<id of a button>": "…"}, "descriptions": {"<id of a row>": "…"}, "whatsappTemplate": {"name": "…", "language": "hi"}}}`,
    },
  });
}

/** `en`, `hi`, `en-IN`, `pt_BR` */
export const LANGUAGE = /^[a-zA-Z]{2,3}([-_][a-zA-Z0-9]{2,8}){0,3}$/;

function isLanguage(text: string): boolean {
  return LANGUAGE.test(text);
}

/** Whether it is an object with these members at most. */
function hasMembers(
  value: unknown,
  members: Readonly<Record<string, (member: unknown) => boolean>>,
): value is Record<string, unknown> {
  return (
    isRecord(value) &&
    Object.entries(value).every(([name, member]) => Object.hasOwn(members, name) && members[name]!(member))
  );
}

function isButtons(value: unknown): boolean {
  return Array.isArray(value) && value.length <= MOST_BUTTONS && value.every(isButton);
}

function isButton(value: unknown): value is StepTemplateButton {
  const kinds: readonly unknown[] = TEMPLATE_BUTTON_KINDS;
  return (
    isRecord(value) &&
    Object.keys(value).length === 3 &&
    Number.isInteger(value['index']) &&
    kinds.includes(value['kind']) &&
    isText(value['value'])
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

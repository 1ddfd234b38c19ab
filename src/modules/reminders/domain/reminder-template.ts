import type { Answer } from './answers/answer.js';
import type { ReminderKind, ReminderStage } from './assessment.js';

/** What a template is chosen by: the stage of a due, or the kind of anything else. */
export type TemplateSlot = ReminderStage | Exclude<ReminderKind, 'PAYMENT_DUE'>;
export const TEMPLATE_SLOTS = [
  'before_due',
  'due_today',
  'after_due',
  'CART_ABANDONED',
  'ORDER_FOLLOWUP',
  'RESTOCK',
  'CUSTOM',
] as const satisfies readonly TemplateSlot[];

/** What a template may show (S0.42). `amount` and `duedate` are known of dues, `message` where somebody wrote one (S3.30). */
export const TEMPLATE_VARIABLES = ['name', 'amount', 'duedate', 'companyname', 'message'] as const;
export type TemplateVariable = (typeof TEMPLATE_VARIABLES)[number];

/** The merchant's own template for a slot (S0.41, S0.53, S0.92). */
export interface TemplateOverride {
  readonly slot: TemplateSlot;
  readonly name: string;
  /** Meta's language code; undefined: the customer's. */
  readonly language: string | undefined;
  /** Variables in the order of a positional template; empty: it is a named one (C19). */
  readonly positional: readonly TemplateVariable[];
  /** What its quick replies mean, by position. */
  readonly replies: readonly Answer[];
}

/** A template as it is going to be sent. */
export type ReminderTemplate = Omit<TemplateOverride, 'language'> & { readonly language: string };

const DEFAULT_LANGUAGE = 'en';

const ofDues = (slot: ReminderStage, name: string, ...replies: Answer[]): ReminderTemplate => ({
  slot,
  name,
  language: DEFAULT_LANGUAGE,
  positional: [],
  replies,
});

/** The platform's templates (S0.27, S0.30). Kinds other than dues have none. */
export const PLATFORM_TEMPLATES: readonly ReminderTemplate[] = [
  ofDues('before_due', 'interactive_before_due1', 'PAY_TODAY', 'PAY_WEEK', 'PAY_SOON', 'NEED_STATEMENT'),
  ofDues('due_today', 'interactive_due_today', 'PAY_TODAY', 'PAID_TODAY', 'PAY_WEEK', 'NEED_STATEMENT'),
  ofDues('after_due', 'interactive_overdue', 'WILL_PAY_TODAY', 'PAID_TODAY', 'PAY_WEEK', 'NEED_STATEMENT'),
];

/**
 * The merchant's template for a slot, else the platform's (S0.41).
 * @param language the customer's, for templates of the merchant that name none; the platform's exist in English
 * @returns undefined when there is neither
 */
export function resolveTemplate(
  slot: TemplateSlot,
  overrides: readonly TemplateOverride[],
  language: string | undefined,
): ReminderTemplate | undefined {
  const own = overrides.find((override) => override.slot === slot);
  if (own) return { ...own, language: own.language ?? language ?? DEFAULT_LANGUAGE };
  return PLATFORM_TEMPLATES.find((template) => template.slot === slot);
}

/** A template message in the words of this module; messaging's template content has this shape. */
export interface RenderedTemplate {
  readonly type: 'template';
  readonly name: string;
  readonly language: string;
  readonly body: { readonly positional: readonly string[] } | { readonly named: Readonly<Record<string, string>> };
  readonly buttons: readonly { readonly index: number; readonly kind: 'quick_reply'; readonly value: string }[];
}

/** What the named templates of a slot show: dues as in S0.42, others the words of whoever scheduled them (C41). */
export function namedVariables(slot: TemplateSlot): readonly TemplateVariable[] {
  const isOfDues = PLATFORM_TEMPLATES.some((template) => template.slot === slot);
  return isOfDues ? ['name', 'amount', 'duedate', 'companyname'] : ['name', 'message', 'companyname'];
}

/**
 * Fills a template. Quick replies carry the answer and the due that it is about: `PAY_TODAY:<dueId>`.
 * @returns in `missing` the variables that nothing fills: the content must then not be sent, a blank never is (C19)
 */
export function renderTemplate(
  template: ReminderTemplate,
  variables: Readonly<Partial<Record<TemplateVariable, string | undefined>>>,
  dueId: string | undefined,
): { readonly content: RenderedTemplate; readonly missing: readonly TemplateVariable[] } {
  const wanted = template.positional.length > 0 ? template.positional : namedVariables(template.slot);
  const value = (name: TemplateVariable): string => oneLine(variables[name] ?? '');
  const content: RenderedTemplate = {
    type: 'template',
    name: template.name,
    language: template.language,
    body:
      template.positional.length > 0
        ? { positional: wanted.map(value) }
        : { named: Object.fromEntries(wanted.map((name) => [name, value(name)])) },
    buttons: template.replies.map((reply, index) => ({
      index,
      kind: 'quick_reply',
      value: dueId === undefined ? reply : `${reply}:${dueId}`,
    })),
  };
  return { content, missing: [...new Set(wanted.filter((name) => value(name) === ''))] };
}

/** WhatsApp refuses line breaks, tabs and runs of spaces in variables. */
function oneLine(text: string): string {
  return text.replace(/\s+/gu, ' ').trim();
}

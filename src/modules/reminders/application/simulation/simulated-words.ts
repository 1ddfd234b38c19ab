import type { ReminderStage, Words } from '../../domain/assessment.js';
import { renderTemplate, resolveTemplate, type TemplateOverride } from '../../domain/reminder-template.js';
import type { SimulatedCustomer, SimulatedReminder } from '../../domain/simulation/books.js';

/** Amounts and dates are known of every due; what they are makes no difference here. */
const KNOWN = '-';

/** What would be sent: words of the merchant's own inside the window, else a template (C41); and whether all of it can be filled. */
export function wordsOf(
  overrides: readonly TemplateOverride[],
  companyName: string,
): (
  reminder: SimulatedReminder,
  customer: SimulatedCustomer,
  stage: ReminderStage | undefined,
  inWindow: boolean,
) => Words {
  return ({ kind, message, dueId }, { name, locale }, stage, inWindow) => {
    if (inWindow && message !== undefined) return { template: 'text', missingVariables: [] };
    const slot = kind === 'PAYMENT_DUE' ? (stage ?? 'before_due') : kind;
    const template = resolveTemplate(slot, overrides, locale.split('-')[0]);
    if (!template) return { template: undefined, missingVariables: [] };
    const ofDue = stage && KNOWN;
    const variables = { name, amount: ofDue, duedate: ofDue, companyname: companyName, message };
    return { template: template.name, missingVariables: renderTemplate(template, variables, dueId).missing };
  };
}

import type { TemplateOverride } from '../../domain/reminder-template.js';

/** The merchant's own templates for reminders (S0.41, S0.92). */
export abstract class ReminderTemplates {
  abstract list(): Promise<readonly TemplateOverride[]>;
  /** Puts these in the place of all that there were. */
  abstract replace(overrides: readonly TemplateOverride[]): Promise<void>;
}

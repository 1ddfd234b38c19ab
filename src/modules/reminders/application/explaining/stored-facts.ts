import type { ReminderFacts } from '../../domain/send-decision.js';

/** The facts of a decision as they lie in the database: JSON, instants as texts. */
export type StoredFacts = Readonly<Record<string, unknown>>;

const INSTANTS = ['now', 'scheduledFor', 'optedOutAt', 'lastSentAt', 'limitedUntil', 'contactableAt'] as const;

/** @returns undefined where a decision was made without facts: WhatsApp's outcome asks no gate */
export function factsOf(stored: StoredFacts): ReminderFacts | undefined {
  if (typeof stored['now'] !== 'string') return undefined;
  const facts: Record<string, unknown> = { missingVariables: [], isBlocked: false, ...stored };
  for (const name of INSTANTS) facts[name] = instantOf(stored[name]);
  const due = stored['due'] as StoredFacts | null | undefined;
  if (due) facts['due'] = { ...due, pausedUntil: instantOf(due['pausedUntil']), settled: due['settled'] ?? undefined };
  else delete facts['due'];
  for (const name of ['supersededBy', 'template']) facts[name] = stored[name] ?? undefined;
  return facts as unknown as ReminderFacts;
}

function instantOf(value: unknown): Date | undefined {
  return typeof value === 'string' ? new Date(value) : undefined;
}

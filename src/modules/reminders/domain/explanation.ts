import { type CalendarDate, formatDate, localDate, localTime } from '../../../kernel/local-time.js';
import { COOLDOWN_MS, type Gate, GATES, type ReminderFacts, type Verdict } from './send-decision.js';

/** Where a decision was made: by the sweep, at the last look before an attempt, or by what WhatsApp said. */
export type Occasion = 'sweep' | 'send' | 'outcome';

/** A decision as it was written down (D4). */
export interface RecordedDecision {
  readonly at: Date;
  readonly occasion: Occasion;
  readonly verdict: Verdict['then'];
  /** The gate that was shut, or the code of WhatsApp's refusal; undefined: nothing stood in the way. */
  readonly reason: string | undefined;
  readonly nextAt: Date | undefined;
  /** Undefined where WhatsApp decided: it asks none of our gates. */
  readonly facts: ReminderFacts | undefined;
  /** The promise of the customer that was open then; what a pause is explained by. */
  readonly promise?: { readonly promisedFor: CalendarDate } | undefined;
}

/** A gate as one decision found it. */
export interface GateSeen {
  readonly gate: Gate;
  /** Null: it was not asked, an earlier one was shut or there is no due to ask about. */
  readonly passed: boolean | null;
  /** What it looked at; empty where it was not asked. Instants are `Date`s. */
  readonly saw: Readonly<Record<string, unknown>>;
}

/** Every gate in the order in which they are asked (S0.46), with what it saw, up to the one that was shut. */
export function gatesOf(facts: ReminderFacts, reason: string | undefined): GateSeen[] {
  const shut = GATES.findIndex((gate) => gate === reason);
  return GATES.map((gate, position) => {
    const isAsked = (shut < 0 || position <= shut) && (facts.due !== undefined || !ABOUT_DUES.has(gate));
    return isAsked ? { gate, passed: position !== shut, saw: sawOf(gate, facts) } : { gate, passed: null, saw: {} };
  });
}

const ABOUT_DUES: ReadonlySet<Gate> = new Set(['PAID', 'WRITTEN_OFF', 'PAUSED']);

function sawOf(gate: Gate, facts: ReminderFacts): Record<string, unknown> {
  const { now, due } = facts;
  switch (gate) {
    case 'PAID':
    case 'WRITTEN_OFF':
      return { outstandingMinor: due?.outstandingMinor, settled: due?.settled ?? null };
    case 'PAUSED':
      return { pausedUntil: due?.pausedUntil ?? null };
    case 'OPTED_OUT':
      return { optedOutAt: facts.optedOutAt ?? null };
    case 'CONVERSATION_BLOCKED':
      return { isBlocked: facts.isBlocked };
    case 'REPLANNED':
      return { isReplanned: facts.isReplanned };
    case 'SUPERSEDED':
      return { supersededBy: facts.supersededBy ?? null };
    case 'TOO_LATE':
      return { scheduledFor: facts.scheduledFor, now, lateAfterMinutes: facts.lateAfterMinutes };
    case 'COOLDOWN':
      return { lastSentAt: facts.lastSentAt ?? null };
    case 'DAILY_LIMIT':
      return { limitedUntil: facts.limitedUntil ?? null };
    case 'QUIET_HOURS':
      return { now, contactableAt: facts.contactableAt };
    case 'NO_ADDRESS':
      return { hasAddress: facts.hasAddress };
    case 'NO_CREDENTIALS':
      return { hasSender: facts.hasSender };
    case 'NO_TEMPLATE':
      return { template: facts.template ?? null };
    case 'MISSING_VARIABLE':
      return { template: facts.template ?? null, missingVariables: facts.missingVariables };
  }
}

/**
 * A decision in a sentence for the merchant, with times of the customer's clock.
 * @param zone the customer's
 * @param locale BCP 47, of dates; the words are English
 */
export function explain(decision: RecordedDecision, zone: string, locale = 'en-GB'): string {
  const at = (instant: Date): string => `${formatDate(localDate(instant, zone), locale)}, ${localTime(instant, zone)}`;
  const { verdict, occasion, nextAt } = decision;
  if (verdict === 'send') return SENT[occasion];
  if (decision.reason === MAYBE_SENT) return "Not known: WhatsApp's answer was lost, so it may have been sent.";
  const cause = causeOf(decision, at, (day) => formatDate(day, locale));
  if (verdict !== 'defer') return `Not sent: ${cause}.`;
  return `Not sent yet: ${cause}${nextAt ? `${untilWhen(decision)} ${at(nextAt)}` : ''}.`;
}

function untilWhen({ reason, promise }: RecordedDecision): string {
  if (reason !== 'PAUSED') return '; next look';
  return promise ? '; reminders wait until' : ' until';
}

const SENT: Readonly<Record<Occasion, string>> = {
  sweep: 'Handed over to be sent: nothing stood in the way.',
  send: 'Let go: nothing had come in between when it was its turn.',
  outcome: 'Sent: WhatsApp took the message.',
};

type Causes = (facts: ReminderFacts | undefined, at: (instant: Date) => string) => string;

const CAUSES: Readonly<Record<Gate, Causes>> = {
  PAID: () => 'the due is paid',
  WRITTEN_OFF: () => 'the due was written off',
  PAUSED: () => 'reminders of this due are paused',
  OPTED_OUT: (facts, at) =>
    facts?.optedOutAt
      ? `the customer asked on ${at(facts.optedOutAt)} to hear no more`
      : 'the customer asked to hear no more',
  CONVERSATION_BLOCKED: () => 'the conversation with the customer is blocked',
  REPLANNED: () => 'the plan of the due changed, and it is no part of it any more',
  SUPERSEDED: () => 'another reminder of this due takes its place',
  TOO_LATE: (facts, at) =>
    facts
      ? `it was for ${at(facts.scheduledFor)}, and more than ${duration(facts.lateAfterMinutes)} late it is not sent any more`
      : 'it was too late for it',
  COOLDOWN: (facts, at) =>
    facts?.lastSentAt
      ? `the customer got the same reminder on ${at(facts.lastSentAt)}, less than ${COOLDOWN_MS / 3_600_000} hours before`
      : 'the customer got the same reminder shortly before',
  DAILY_LIMIT: () => 'the customer has had as many reminders as one may get on a day',
  QUIET_HOURS: () => 'it was outside the hours in which the customer may be contacted',
  NO_ADDRESS: () => 'the customer has no phone number to write to',
  NO_CREDENTIALS: () => 'no connected WhatsApp number could send',
  NO_TEMPLATE: () => 'there is no template for it, and outside a conversation WhatsApp allows nothing else',
  MISSING_VARIABLE: (facts) =>
    facts && facts.missingVariables.length > 0
      ? `nothing fills ${facts.missingVariables.join(', ')} in the template ${facts.template ?? ''}`.trimEnd()
      : 'something in the template has nothing that fills it',
};

/** What a reminder waits for whose message nobody knows about. */
const MAYBE_SENT = 'MAYBE_SENT';

/** Reasons that are no gates: what people and plans did, and how an attempt ended. */
const OTHER_CAUSES: Readonly<Record<string, string>> = {
  CANCELLED_BY_USER: 'it was cancelled by hand',
  MARKETING_STOPPED: 'the customer has stopped marketing messages, and WhatsApp counts its template among them',
  MAYBE_SENT: "whatsApp's answer was lost, so it may have been sent",
  NOBODY_ANSWERS_FOR_IT: 'reminders were switched off when it was its turn',
  SEND_FAILED: 'its time was over before WhatsApp could take it',
};

function causeOf(
  { reason, facts, occasion, promise }: RecordedDecision,
  at: (instant: Date) => string,
  on: (day: CalendarDate) => string,
): string {
  if (reason === 'PAUSED' && promise) return `the customer promised to pay by ${on(promise.promisedFor)}`;
  const gate = GATES.find((known) => known === reason);
  if (gate) return CAUSES[gate](facts, at);
  const other = reason === undefined ? undefined : OTHER_CAUSES[reason];
  if (other) return other;
  const said = reason === undefined ? '' : ` (${reason})`;
  return occasion === 'outcome' ? `WhatsApp did not take the message${said}` : `it could not be sent${said}`;
}

/** What a reason means, where no decision is at hand: a reminder keeps the code alone. */
export function explainReason(reason: string): string {
  const cause = causeOf(
    { at: new Date(0), occasion: 'outcome', verdict: 'fail', reason, nextAt: undefined, facts: undefined },
    () => '',
    () => '',
  );
  return `${cause.charAt(0).toUpperCase()}${cause.slice(1)}.`;
}

function duration(minutes: number): string {
  return minutes % 60 === 0 ? `${minutes / 60} hours` : `${minutes} minutes`;
}

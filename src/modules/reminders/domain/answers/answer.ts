import { addDays, type CalendarDate, formatDate, instantAt, localDate } from '../../../../kernel/local-time.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** What a customer may tap on a reminder or a list (S0.68-S0.73). */
export const ANSWERS = [
  'CHECK_CURRENT_DUE',
  'PAY_TODAY',
  'WILL_PAY_TODAY',
  'PAID_TODAY',
  'PAY_WEEK',
  'PAY_SOON',
  'NEED_STATEMENT',
] as const;
export type Answer = (typeof ANSWERS)[number];

/** Answers that are promises; `PAY_ON_DATE` is one in the customer's own words: a day. */
export type PromiseAnswer = Exclude<Answer, 'CHECK_CURRENT_DUE' | 'NEED_STATEMENT'> | 'PAY_ON_DATE';

/** What a customer said about a due, however they said it. */
export type SaidAnswer =
  | { readonly answer: Answer; readonly share?: 'half' }
  /** `day` is one of the customer's calendar. */
  | { readonly answer: 'PAY_ON_DATE'; readonly day: CalendarDate; readonly share?: 'half' };

/** What follows from an answer. */
export interface AnswerMeaning {
  /** Until when reminders of the due wait; undefined: they do not (S0.77). */
  readonly pausedUntil: Date | undefined;
  /** Undefined: nothing was promised. */
  readonly promise: AnswerPromise | undefined;
  /** Whether the merchant must look at something (S0.70). */
  readonly tellsMerchant: boolean;
}

export interface AnswerPromise {
  readonly answer: PromiseAnswer;
  /** The customer's day on which the money is expected. */
  readonly promisedFor: CalendarDate;
  /** When the pause ends: unpaid then, the promise is broken. */
  readonly judgedAt: Date;
}

/** S0.77; and in how many days the money is expected, where the answer is a promise. */
const RULES: Readonly<Record<Answer, { readonly pauseMs: number; readonly expectedInDays: number | undefined }>> = {
  CHECK_CURRENT_DUE: { pauseMs: 0, expectedInDays: undefined },
  PAY_TODAY: { pauseMs: DAY_MS, expectedInDays: 0 },
  WILL_PAY_TODAY: { pauseMs: DAY_MS, expectedInDays: 0 },
  PAID_TODAY: { pauseMs: 7 * DAY_MS, expectedInDays: 0 },
  PAY_WEEK: { pauseMs: 7 * DAY_MS, expectedInDays: 7 },
  PAY_SOON: { pauseMs: 72 * HOUR_MS, expectedInDays: 3 },
  NEED_STATEMENT: { pauseMs: 48 * HOUR_MS, expectedInDays: undefined },
};

/**
 * What an answer of `at` means in the customer's zone: pauses of the buttons run by the hour (S0.77), a promise for a day runs until
 * that day is over where the customer lives.
 */
export function meaningOf(said: SaidAnswer, at: Date, zone: string): AnswerMeaning {
  if (said.answer === 'PAY_ON_DATE') {
    const judgedAt = instantAt(addDays(said.day, 1), '00:00', zone);
    return {
      pausedUntil: judgedAt,
      promise: { answer: said.answer, promisedFor: said.day, judgedAt },
      tellsMerchant: false,
    };
  }
  const { answer } = said;
  const { pauseMs, expectedInDays } = RULES[answer];
  const pausedUntil = pauseMs > 0 ? new Date(at.getTime() + pauseMs) : undefined;
  const promise =
    isPromise(answer) && expectedInDays !== undefined && pausedUntil
      ? { answer, promisedFor: addDays(localDate(at, zone), expectedInDays), judgedAt: pausedUntil }
      : undefined;
  return { pausedUntil, promise, tellsMerchant: answer === 'PAID_TODAY' };
}

/** Two answers that say the same: the second adds nothing (C58). A button's later tap means its own day, yet repeats the first. */
export function saysTheSame(
  open: { readonly answer: PromiseAnswer; readonly promisedFor: CalendarDate },
  later: { readonly answer: PromiseAnswer; readonly promisedFor: CalendarDate },
): boolean {
  if (today(open.answer) && today(later.answer)) return true;
  return open.answer === later.answer && (open.answer !== 'PAY_ON_DATE' || open.promisedFor === later.promisedFor);
}

/** The answer in words of the merchant's, for the customer's feedback (S0.64). */
export function feedbackOf(said: SaidAnswer): string {
  const half = said.share === 'half' ? ' (half)' : '';
  if (said.answer === 'PAY_ON_DATE') return `Will pay on ${formatDate(said.day)}${half}`;
  return `${FEEDBACK[said.answer]}${half}`;
}

const FEEDBACK: Readonly<Record<Answer, string>> = {
  CHECK_CURRENT_DUE: 'Asked what is due',
  PAY_TODAY: 'Will pay today',
  WILL_PAY_TODAY: 'Will pay today',
  PAID_TODAY: 'Says that it is paid',
  PAY_WEEK: 'Will pay within a week',
  PAY_SOON: 'Will pay soon',
  NEED_STATEMENT: 'Asked for a statement',
};

/** The id of a button or row that carries its due (C5): `WILL_PAY_TODAY:<due>`. */
export function tapId(answer: Answer, dueId: string): string {
  return `${answer}:${dueId}`;
}

/** Reads `<ANSWER>` and `<ANSWER>:<dueId>`; the due is whatever the tap says, not yet anybody's. */
export function readTap(id: string): { readonly answer: Answer; readonly dueId: string | undefined } | undefined {
  const colon = id.indexOf(':');
  const word = colon < 0 ? id : id.slice(0, colon);
  const answer = ANSWERS.find((known) => known === word);
  return answer && { answer, dueId: colon < 0 ? undefined : id.slice(colon + 1).toLowerCase() };
}

function isPromise(answer: Answer): answer is Extract<Answer, PromiseAnswer> {
  return answer !== 'CHECK_CURRENT_DUE' && answer !== 'NEED_STATEMENT';
}

function today(answer: PromiseAnswer): boolean {
  return answer === 'PAY_TODAY' || answer === 'WILL_PAY_TODAY';
}

import type { MessageCategory } from './message-category.js';
import { MAX_REFUSALS } from './outbound-message.js';

const SECOND = 1000;
const MINUTE = 60 * SECOND;

/**
 * What a lost answer means for a message of a category (reliability 2.5.6). `after`: how long its callback is waited for.
 * `resend` goes once more, and only on proof that callbacks do arrive; without that it is parked after `patience`.
 */
type UnknownPolicy =
  | { readonly then: 'park'; readonly after: number }
  | { readonly then: 'resend'; readonly after: number; readonly patience: number }
  | { readonly then: 'expire'; readonly lifetime: number };

export const UNKNOWN_POLICY: Readonly<Record<MessageCategory, UnknownPolicy>> = {
  payment_reminder: { then: 'park', after: MINUTE },
  campaign: { then: 'park', after: MINUTE },
  agent_reply: { then: 'park', after: 30 * SECOND },
  order_update: { then: 'resend', after: 15 * MINUTE, patience: 24 * 60 * MINUTE },
  automatic_answer: { then: 'resend', after: MINUTE, patience: 10 * MINUTE },
  authentication: { then: 'expire', lifetime: 10 * MINUTE },
};

/** The provider answered with a fault of its own: so long its callback is waited for before the next try. */
const SOFT = { after: 2 * MINUTE, patience: 30 * MINUTE } as const;
const LOOK_AGAIN = 10 * SECOND;

/** An accepted message's first callback takes seconds; one that is missing for longer says that callbacks do not come. */
const CALLBACK_TAKES = 30 * SECOND;
const WITNESSES = 3;

/** A message whose last attempt's fate is not known. */
export interface UnknownMessage {
  readonly category: MessageCategory;
  /** The provider answered with an error of its own. */
  readonly soft: boolean;
  readonly refusals: number;
  /** How many of its attempts had a lost answer. */
  readonly lostAnswers: number;
  /** When the last attempt began. */
  readonly attemptedAt: Date;
  readonly expiresAt?: Date | undefined;
}

/** A send of the same number that the provider accepted. */
export interface WitnessedSend {
  readonly startedAt: Date;
  readonly calledBack: boolean;
}

/** Whether silence about a message means that it was not accepted (reliability 2.5.5c). */
export type Silence = 'proves' | 'proves-nothing' | 'channel-dark';

export type UnknownVerdict =
  | { readonly then: 'wait'; readonly until: Date }
  | { readonly then: 'park' }
  | { readonly then: 'expire' }
  | { readonly then: 'send-again'; readonly refusals: number };

/**
 * Silence proves only when three later sends of the number were called back, and none has been waiting for its callback for long:
 * a dead webhook channel must not turn into a resend storm (F05).
 * @param sends the number's sends around and after the attempt, in any order
 * @param backlog webhooks have arrived that are not read yet
 */
export function readSilence(attemptedAt: Date, sends: readonly WitnessedSend[], backlog: boolean, now: Date): Silence {
  const later = sends.filter(({ startedAt }) => startedAt > attemptedAt);
  const overdue = later.some(
    ({ startedAt, calledBack }) => !calledBack && now.getTime() - startedAt.getTime() > CALLBACK_TAKES,
  );
  if (backlog || overdue) return 'channel-dark';
  return later.filter(({ calledBack }) => calledBack).length >= WITNESSES ? 'proves' : 'proves-nothing';
}

/**
 * The provider's own list of what it accepted. `complete`: it names the newest message that we know to be accepted, so it is kept and
 * up to date, and none that we do not know.
 */
export type History = 'complete' | 'doubtful';

/** On a quiet number no later send bears witness; a complete history that does not name the message does (reliability 2.5.5b). */
export function confirmSilence(silence: Silence, history: History): Silence {
  return silence === 'proves-nothing' && history === 'complete' ? 'proves' : silence;
}

/** When an unknown message is looked at first. */
export function firstLook(
  { category, expiresAt }: Pick<UnknownMessage, 'category' | 'expiresAt'>,
  soft: boolean,
  now: Date,
): Date {
  const policy = UNKNOWN_POLICY[category];
  if (soft) return plus(now, SOFT.after);
  return policy.then === 'expire' ? (expiresAt ?? plus(now, policy.lifetime)) : plus(now, policy.after);
}

/** Decides on a message whose callback has not come. */
export function resolveUnknown(message: UnknownMessage, silence: Silence, now: Date): UnknownVerdict {
  if (message.soft) return resolveSoft(message, silence, now);
  const policy = UNKNOWN_POLICY[message.category];
  switch (policy.then) {
    case 'expire':
      return waitOr(message.expiresAt ?? plus(message.attemptedAt, policy.lifetime), now) ?? { then: 'expire' };
    case 'park':
      return waitOr(plus(message.attemptedAt, policy.after), now) ?? { then: 'park' };
    case 'resend': {
      const early = waitOr(plus(message.attemptedAt, policy.after), now);
      if (early) return early;
      if (isOver(message, now)) return { then: 'expire' };
      if (message.lostAnswers > 1) return { then: 'park' };
      if (silence === 'proves') return { then: 'send-again', refusals: message.refusals };
      return lookAgain(plus(message.attemptedAt, policy.patience), now);
    }
  }
}

/** The provider said that it failed, so silence need not be proved, only not contradicted; each such fault counts as a refusal. */
function resolveSoft(message: UnknownMessage, silence: Silence, now: Date): UnknownVerdict {
  const early = waitOr(plus(message.attemptedAt, SOFT.after), now);
  if (early) return early;
  if (isOver(message, now)) return { then: 'expire' };
  const refusals = message.refusals + 1;
  if (refusals >= MAX_REFUSALS) return { then: 'park' };
  return silence === 'channel-dark'
    ? lookAgain(plus(message.attemptedAt, SOFT.patience), now)
    : { then: 'send-again', refusals };
}

function lookAgain(patienceEnds: Date, now: Date): UnknownVerdict {
  return now >= patienceEnds ? { then: 'park' } : { then: 'wait', until: plus(now, LOOK_AGAIN) };
}

function waitOr(until: Date, now: Date): UnknownVerdict | undefined {
  return now < until ? { then: 'wait', until } : undefined;
}

function isOver({ expiresAt }: UnknownMessage, now: Date): boolean {
  return expiresAt !== undefined && expiresAt <= now;
}

function plus(instant: Date, milliseconds: number): Date {
  return new Date(instant.getTime() + milliseconds);
}

import { DomainError } from '../../../kernel/domain-error.js';
import type { MessageCategory } from './message-category.js';

/** The states of a message that we send (reliability 2.5); those from `accepted` to `read` are told by the provider. */
export const OUTBOUND_STATES = [
  'queued',
  'sending',
  'accepted',
  'sent',
  'delivered',
  'read',
  'failed',
  'unknown',
  'parked',
  'cancelled',
  'expired',
] as const;
export type OutboundState = (typeof OUTBOUND_STATES)[number];

/** An answer leaves before what is due, and that before a campaign. */
export const PRIORITY: Readonly<Record<MessageCategory, 0 | 1 | 2>> = {
  authentication: 0,
  automatic_answer: 0,
  agent_reply: 0,
  order_update: 1,
  payment_reminder: 1,
  campaign: 2,
};
/** How a program says how urgent a message is (D15); its category decides where it says nothing. */
export const PRIORITY_OF_CLASS = { answer: 0, normal: 1, bulk: 2 } as const;
export type PriorityClass = keyof typeof PRIORITY_OF_CLASS;
export const PRIORITY_CLASSES = ['answer', 'normal', 'bulk'] as const satisfies readonly PriorityClass[];

export function classOfPriority(priority: number): PriorityClass {
  return PRIORITY_CLASSES[priority] ?? 'bulk';
}

export const CAMPAIGN_PRIORITY = PRIORITY.campaign;

/** Refusals that count before a message is given up (C22, S2.67). */
export const MAX_REFUSALS = 5;

/** Why a message was not sent, was given up, or waits. Shown to the merchant. */
export interface SendFailure {
  readonly code: number | string;
  /** The kind of outcome that it came from. */
  readonly class:
    'not_sent' | 'throttled' | 'refused' | 'credential' | 'unknown' | 'soft_unknown' | 'expired' | 'withheld';
  readonly title: string;
  readonly detail?: string;
}

export class MessageNotFound extends DomainError {
  readonly code = 'MESSAGE_NOT_FOUND';
  readonly kind = 'not-found';
  constructor() {
    super('There is no such message.');
  }
}

export class MessageNotCancellable extends DomainError {
  readonly code = 'MESSAGE_NOT_CANCELLABLE';
  readonly kind = 'conflict';
  override readonly extensions: { readonly status: OutboundState };
  constructor(status: OutboundState) {
    super(`Only a message that is queued or parked can be cancelled; this one is ${status}.`);
    this.extensions = { status };
  }
}

export class MessageNotParked extends DomainError {
  readonly code = 'MESSAGE_NOT_PARKED';
  readonly kind = 'conflict';
  override readonly extensions: { readonly status: OutboundState };
  constructor(status: OutboundState) {
    super(`Only a message that is parked can be sent again; this one is ${status}.`);
    this.extensions = { status };
  }
}

/** What a person may decide about a message; the lane decides the rest. */
export class OutboundMessage {
  constructor(
    readonly id: string,
    readonly phoneNumberId: string,
    private current: OutboundState,
  ) {}

  get state(): OutboundState {
    return this.current;
  }

  /** A message that may be on the wire cannot be called back (reliability G8). @throws MessageNotCancellable */
  cancel(): void {
    if (this.current !== 'queued' && this.current !== 'parked') throw new MessageNotCancellable(this.current);
    this.current = 'cancelled';
  }

  /** A person takes it on himself that the customer may get it twice. @throws MessageNotParked */
  sendAgain(): void {
    if (this.current !== 'parked') throw new MessageNotParked(this.current);
    this.current = 'queued';
  }
}

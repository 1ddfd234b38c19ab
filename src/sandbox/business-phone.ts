import { Injectable } from '@nestjs/common';
import { Accounts, type BusinessNumber } from './accounts.js';
import { SandboxClock } from './clock.js';
import { newNumericId, newWamid } from './ids.js';
import type { JsonObject } from './json-input.js';
import { WebhookSender } from './webhook-sender.js';

/** The merchant's own phone, with the WhatsApp Business app on the same number (F12): what it does is told by webhook. */
@Injectable()
export class BusinessPhone {
  constructor(
    private readonly accounts: Accounts,
    private readonly clock: SandboxClock,
    private readonly webhooks: WebhookSender,
  ) {}

  /** The merchant writes to a customer with the app. @param content `{type, <type>: {...}}` @returns the message's id */
  write(number: BusinessNumber, to: string, content: JsonObject): string {
    const id = newWamid('outbound', to);
    this.tell(number, 'smb_message_echoes', String(content['type']), to, {
      message_echoes: [{ from: number.displayPhoneNumber, to, id, timestamp: this.seconds(), ...content }],
    });
    return id;
  }

  /** A part of the history: of each message `with` names the customer, and `from` is the customer's or the merchant's. */
  shareHistory(
    number: BusinessNumber,
    { phase, chunk, progress }: HistoryPart,
    messages: readonly HistoryMessage[],
  ): void {
    const threads = Map.groupBy(messages, (message) => message.with);
    this.tell(number, 'history', 'history', undefined, {
      history: [
        {
          metadata: { phase, chunk_order: chunk, progress },
          threads: [...threads].map(([id, ofThread]) => ({
            id,
            messages: ofThread.map(({ with: customer, isOutbound, status, content, timestamp }) => ({
              from: isOutbound ? number.displayPhoneNumber : customer,
              ...(isOutbound && { to: customer }),
              id: newWamid(isOutbound ? 'outbound' : 'inbound', customer),
              timestamp: timestamp ?? this.seconds(),
              ...content,
              history_context: { status },
            })),
          })),
        },
      ],
    });
  }

  /** The merchant keeps the history to himself. */
  refuseHistory(number: BusinessNumber): void {
    const title = 'History sync is turned off by the business from the WhatsApp Business App';
    const details = 'History sharing is turned off by the business';
    this.tell(number, 'history', 'history', undefined, {
      history: [{ errors: [{ code: 2593109, title, message: title, error_data: { details } }] }],
    });
  }

  changeContact(number: BusinessNumber, action: 'add' | 'edit' | 'remove', phone: string, name: string): void {
    this.tell(number, 'smb_app_state_sync', action, phone, {
      state_sync: [
        {
          type: 'contact',
          contact: { full_name: name, first_name: name.split(' ')[0], phone_number: phone },
          action,
          metadata: { timestamp: this.seconds() },
        },
      ],
    });
  }

  /** A customer calls, or a call ends. @returns the call's id */
  call(number: BusinessNumber, from: string, event: 'connect' | 'terminate', callId: string | undefined): string {
    const id = callId ?? `wacid.${newNumericId()}`;
    const ended = { status: 'COMPLETED', start_time: this.seconds(), end_time: this.seconds(), duration: 1 };
    this.tell(number, 'calls', event, from, {
      contacts: [{ profile: { name: from }, wa_id: from }],
      calls: [
        {
          id,
          to: number.displayPhoneNumber,
          from,
          event,
          timestamp: this.seconds(),
          direction: 'USER_INITIATED',
          ...(event === 'terminate' && ended),
        },
      ],
    });
    return id;
  }

  private tell(number: BusinessNumber, field: string, type: string, waId: string | undefined, value: JsonObject): void {
    if (!this.accounts.isSubscribed(number)) return;
    this.webhooks.emit({
      lane: waId === undefined ? number.id : `${number.id}|${waId}`,
      kind: 'account',
      field,
      wabaId: number.wabaId,
      phoneNumberId: number.id,
      displayPhoneNumber: number.displayPhoneNumber,
      ...(waId !== undefined && { waId }),
      type,
      value,
    });
  }

  private seconds(): string {
    return String(Math.floor(this.clock.now().getTime() / 1000));
  }
}

/** Which part of the history it is. */
export interface HistoryPart {
  readonly phase: number;
  readonly chunk: number;
  /** Percent. */
  readonly progress: number;
}

export interface HistoryMessage {
  /** The customer's digits. */
  readonly with: string;
  readonly isOutbound: boolean;
  /** DELIVERED, READ ... */
  readonly status: string;
  readonly content: JsonObject;
  /** Unix seconds. */
  readonly timestamp?: string;
}

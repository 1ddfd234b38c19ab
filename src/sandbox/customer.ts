import { Injectable } from '@nestjs/common';
import { Accounts, type BusinessNumber } from './accounts.js';
import { SandboxClock } from './clock.js';
import { type Handset, type HandsetMessage, Handsets } from './handset.js';
import { newWamid } from './ids.js';
import { isObject, type JsonObject, objectOf, textOf } from './json-input.js';
import { MediaStore } from './media-store.js';
import { readableText } from './message-intake.js';
import { ReadReceipts } from './read-receipts.js';
import type { WebhookEvent } from './webhook-payload.js';
import { WebhookSender } from './webhook-sender.js';

/** What a customer does on the phone; one of the ways of `POST /sandbox/handsets/{waId}/messages`. */
export type Act =
  | { readonly kind: 'text'; readonly text: string; readonly context?: string }
  | { readonly kind: 'tap'; readonly id: string; readonly context?: string }
  | {
      readonly kind: 'media';
      readonly type: string;
      readonly mimeType: string;
      readonly bytes: Buffer;
      readonly caption?: string;
      readonly filename?: string;
    }
  | { readonly kind: 'raw'; readonly message: JsonObject };

/** The customers' side: turns what a person does into the webhook that Meta would send. */
@Injectable()
export class Customers {
  constructor(
    private readonly clock: SandboxClock,
    private readonly accounts: Accounts,
    private readonly handsets: Handsets,
    private readonly media: MediaStore,
    private readonly receipts: ReadReceipts,
    private readonly webhooks: WebhookSender,
  ) {}

  /** The person stops or resumes marketing messages from a number; told by `user_preferences` (F7). */
  prefer(handset: Handset, number: BusinessNumber, preference: 'stop' | 'resume'): void {
    handset.prefer(number.id, preference);
    const person = this.personOf(handset, number);
    const at = Math.floor(this.clock.now().getTime() / 1000);
    const detail =
      preference === 'stop'
        ? 'User requested to stop marketing messages'
        : 'User requested to resume marketing messages';
    const { profile: _, ...ids } = person;
    this.tell(handset, number, {
      kind: 'account',
      field: 'user_preferences',
      type: preference,
      value: {
        contacts: [person],
        user_preferences: [{ ...ids, detail, category: 'marketing_messages', value: preference, timestamp: at }],
      },
    });
  }

  /** @returns the message as the phone shows it; undefined when there is nothing to tap */
  act(handset: Handset, number: BusinessNumber, act: Act): HandsetMessage | undefined {
    const content = this.contentOf(handset, number, act);
    return content && this.write(handset, number, content);
  }

  private contentOf(handset: Handset, number: BusinessNumber, act: Act): JsonObject | undefined {
    switch (act.kind) {
      case 'text':
        return { ...contextOf(number, act.context), type: 'text', text: { body: act.text } };
      case 'raw':
        return act.message;
      case 'media': {
        const { id, sha256, mimeType } = this.media.receive(number.id, act.mimeType, act.bytes);
        const optional = {
          ...(act.caption ? { caption: act.caption } : {}),
          ...(act.filename ? { filename: act.filename } : {}),
        };
        return { type: act.type, [act.type]: { ...optional, mime_type: mimeType, sha256, id } };
      }
      case 'tap': {
        const tap = handset.tap(number.id, act.id, act.context);
        if (!tap) return undefined;
        const context = contextOf(number, tap.context);
        if (tap.kind === 'quick_reply')
          return { ...context, type: 'button', button: { payload: tap.payload, text: tap.text } };
        return { ...context, type: 'interactive', interactive: { type: tap.kind, [tap.kind]: tap.reply } };
      }
    }
  }

  private write(handset: Handset, number: BusinessNumber, content: JsonObject): HandsetMessage {
    const at = this.clock.now();
    const userId = this.handsets.userIdOf(handset, number.wabaId);
    const { hidesPhone } = handset.behaviour;
    const message: JsonObject = {
      ...(hidesPhone ? {} : { from: handset.waId }),
      from_user_id: userId,
      id: newWamid('inbound', hidesPhone ? userId : handset.waId),
      timestamp: String(Math.floor(at.getTime() / 1000)),
      ...content,
    };
    const wamid = textOf(message['id']) ?? '';
    const type = textOf(message['type']) ?? 'unknown';
    const shown = shownAs(message, wamid, type, number.id, at);
    handset.show(shown);
    this.receipts.remember(shown);
    handset.wroteTo(number.id, at);
    this.tell(handset, number, {
      kind: 'message',
      field: 'messages',
      wamid,
      type,
      // System messages come without a contact.
      value:
        type === 'system'
          ? { messages: [message] }
          : { contacts: [this.personOf(handset, number)], messages: [message] },
    });
    return shown;
  }

  /** The item of `contacts`: without the number when the person hides it. */
  private personOf(handset: Handset, number: BusinessNumber): { profile: JsonObject; wa_id?: string; user_id: string } {
    const { hidesPhone, profileName } = handset.behaviour;
    const username = `@${profileName.toLowerCase().replace(/\W+/g, '.')}`;
    const userId = this.handsets.userIdOf(handset, number.wabaId);
    if (hidesPhone) return { profile: { name: profileName, username }, user_id: userId };
    return { profile: { name: profileName }, wa_id: handset.waId, user_id: userId };
  }

  private tell(
    handset: Handset,
    number: BusinessNumber,
    event: Pick<WebhookEvent, 'kind' | 'field' | 'type' | 'wamid' | 'value'>,
  ): void {
    if (!this.accounts.isSubscribed(number)) return;
    this.webhooks.emit({
      lane: `${number.id}|${handset.waId}`,
      wabaId: number.wabaId,
      phoneNumberId: number.id,
      displayPhoneNumber: number.displayPhoneNumber,
      waId: handset.waId,
      ...event,
    });
  }
}

function contextOf(number: BusinessNumber, wamid: string | undefined): JsonObject {
  return wamid === undefined ? {} : { context: { from: number.displayPhoneNumber, id: wamid } };
}

function shownAs(message: JsonObject, wamid: string, type: string, phoneNumberId: string, at: Date): HandsetMessage {
  const content = objectOf(message[type]);
  const text = readableText(type, content) ?? textOf(content['text']) ?? tappedTitle(content);
  return {
    wamid,
    direction: 'written',
    phoneNumberId,
    type,
    timestamp: at.toISOString(),
    ...(text === undefined ? {} : { text }),
    ...(type === 'interactive' ? { interactive: content } : {}),
    payload: message,
  };
}

function tappedTitle(content: JsonObject): string | undefined {
  const reply = content['button_reply'] ?? content['list_reply'];
  return isObject(reply) ? textOf(reply['title']) : undefined;
}

import { Injectable } from '@nestjs/common';
import type { BusinessNumber } from './accounts.js';
import { SandboxClock } from './clock.js';
import type { Shipment } from './delivery.js';
import { GraphError } from './graph-error.js';
import { Handset, type HandsetMessage, Handsets } from './handset.js';
import { looksLikeUserId, newWamid } from './ids.js';
import { type JsonObject, objectOf, textOf } from './json-input.js';
import { Ledger } from './ledger.js';
import { MediaStore } from './media-store.js';
import { MEDIA_TYPES, type OutgoingMessage, readOutgoingMessage } from './message-rules.js';
import { SandboxSettings } from './settings.js';
import { type RenderedTemplate, renderTemplate, templateMissing } from './template-rules.js';
import { type Template, Templates } from './templates.js';

/** What Meta answers to a send that it accepts. */
export interface SendAnswer {
  readonly messaging_product: 'whatsapp';
  readonly contacts: [{ input: string; wa_id?: string; user_id?: string }];
  readonly messages: [{ id: string; message_status?: 'accepted' }];
}

/** An accepted send: the answer, and the shipment to start once the answer is out (absent when it is dropped silently). */
export interface Accepted {
  readonly answer: SendAnswer;
  readonly shipment?: Shipment;
}

interface Recipient {
  readonly handset: Handset;
  readonly input: string;
  readonly addressedUserId?: string;
  /** Meta takes a user id in `to` and drops the message without a word. */
  readonly isDropped?: true;
  readonly isUnknown?: true;
}

/** Decides on each send as Meta does: checks it, counts it, writes it into the ledger. */
@Injectable()
export class MessageIntake {
  constructor(
    private readonly settings: SandboxSettings,
    private readonly clock: SandboxClock,
    private readonly handsets: Handsets,
    private readonly templates: Templates,
    private readonly media: MediaStore,
    private readonly ledger: Ledger,
  ) {}

  /** @param failure what shall happen to the message after its acceptance, for faults. @throws GraphError */
  accept(number: BusinessNumber, body: unknown, failure?: GraphError): Accepted {
    const message = readOutgoingMessage(body);
    if (!number.registered) throw new GraphError(133010, `The phone number ${number.id} is not registered.`);
    const recipient = this.recipientOf(message, number);
    if (recipient.handset.waId === number.displayPhoneNumber) {
      throw new GraphError(131021, 'Recipient phone number cannot be the same as the sender phone number.');
    }
    const template = message.type === 'template' ? this.templateOf(message, number) : undefined;
    if (template?.template.category === 'AUTHENTICATION' && recipient.addressedUserId !== undefined) {
      throw new GraphError(131062, 'Business-scoped User ID (BSUID) recipients are not supported for this message.');
    }
    this.checkMedia(message);
    const at = this.clock.now();
    this.countAgainstRates(number, recipient.handset, at);
    const wasWindowOpen = recipient.handset.hasOpenWindowWith(number.id, at);
    const fate = failure ?? this.fateOf(number, recipient, template?.template, wasWindowOpen);
    return this.enter(number, message, recipient, { at, wasWindowOpen, template, fate });
  }

  private enter(
    number: BusinessNumber,
    message: OutgoingMessage,
    recipient: Recipient,
    found: { at: Date; wasWindowOpen: boolean; template?: RenderedSend | undefined; fate?: GraphError | undefined },
  ): Accepted {
    const { handset, addressedUserId, input } = recipient;
    const wamid = newWamid('outbound', handset.waId);
    const acceptedAt = found.at.toISOString();
    const events = this.ledger.append({
      wamid,
      phoneNumberId: number.id,
      to: addressedUserId ?? handset.waId,
      type: message.type,
      acceptedAt,
      callbackData: message.callbackData ?? null,
      payload: message.payload,
    });
    const answer: SendAnswer = {
      messaging_product: 'whatsapp',
      contacts: [addressedUserId === undefined ? { input, wa_id: handset.waId } : { input, user_id: addressedUserId }],
      messages: [{ id: wamid, ...(found.template ? { message_status: 'accepted' } : {}) }],
    };
    if (recipient.isDropped) return { answer };
    const shipment: Shipment = {
      wamid,
      number,
      handset,
      ...(addressedUserId === undefined ? {} : { addressedUserId }),
      ...(message.callbackData === undefined ? {} : { callbackData: message.callbackData }),
      category: found.template?.template.category.toLowerCase() ?? 'service',
      wasWindowOpen: found.wasWindowOpen,
      events,
      shown: shownAs(wamid, number, message, acceptedAt, found.template?.rendered),
      ...(found.fate ? { failure: found.fate } : {}),
    };
    return { answer, shipment };
  }

  private recipientOf(message: OutgoingMessage, number: BusinessNumber): Recipient {
    if (message.to !== undefined) {
      if (looksLikeUserId(message.to)) {
        return {
          handset: new Handset(message.to),
          input: message.to,
          addressedUserId: message.to,
          isDropped: true,
        };
      }
      return { handset: this.handsets.get(message.to.replace(/\D/g, '')), input: message.to };
    }
    const userId = message.recipient ?? '';
    const handset = this.handsets.withUserId(userId);
    // An id of another portfolio is no recipient here, even if the person exists.
    if (handset?.userId(number.wabaId) === userId) return { handset, input: userId, addressedUserId: userId };
    return { handset: new Handset(userId), input: userId, addressedUserId: userId, isUnknown: true };
  }

  private templateOf(message: OutgoingMessage, number: BusinessNumber): RenderedSend {
    const name = textOf(message.content['name']) ?? '';
    const language = textOf(objectOf(message.content['language'])['code']) ?? '';
    const template = this.templates.find(number.wabaId, name, language);
    if (!template) throw templateMissing(name, language);
    return { template, rendered: renderTemplate(template, message.content) };
  }

  private checkMedia(message: OutgoingMessage): void {
    const type = MEDIA_TYPES.find((one) => one === message.type);
    const id = type && textOf(message.content['id']);
    if (type && id !== undefined && !this.media.holds(id)) {
      throw GraphError.invalid(`${type}.id`, `'${id}' is not a valid whatsapp business account media attachment ID`);
    }
  }

  private countAgainstRates(number: BusinessNumber, handset: Handset, at: Date): void {
    if (this.settings.switches.rates === 'unlimited') return;
    const { throttleStatus: status } = this.settings.switches;
    if (!number.bucket.take(performance.now())) {
      throw new GraphError(130429, 'Cloud API message throughput has been reached.', { status, subcode: 2494055 });
    }
    if (!handset.takesOneFrom(number.id, at)) {
      throw new GraphError(
        131056,
        'Too many messages sent from this phone number to the same recipient in a short period of time.',
        { status },
      );
    }
  }

  private fateOf(
    number: BusinessNumber,
    recipient: Recipient,
    template: Template | undefined,
    isWindowOpen: boolean,
  ): GraphError | undefined {
    if (recipient.isUnknown) return new GraphError(131026, 'Message undeliverable.');
    if (template?.category === 'MARKETING' && recipient.handset.hasStoppedMarketingFrom(number.id)) {
      return new GraphError(
        131050,
        'Unable to deliver the message. This recipient has chosen to stop receiving marketing messages on WhatsApp from your business.',
      );
    }
    if (template || isWindowOpen) return undefined;
    const closed = new GraphError(
      131047,
      'Message failed to send because more than 24 hours have passed since the customer last replied to this number.',
    );
    if (this.settings.switches.windowClosed === 'answer') throw closed;
    return closed;
  }
}

interface RenderedSend {
  readonly template: Template;
  readonly rendered: RenderedTemplate;
}

function shownAs(
  wamid: string,
  number: BusinessNumber,
  message: OutgoingMessage,
  timestamp: string,
  rendered?: RenderedTemplate,
): HandsetMessage {
  const text = rendered?.body ?? readableText(message.type, message.content);
  return {
    wamid,
    direction: 'received',
    phoneNumberId: number.id,
    type: message.type,
    timestamp,
    status: 'accepted',
    ...(text === undefined ? {} : { text }),
    ...(message.type === 'interactive' ? { interactive: message.content } : {}),
    ...(message.type === 'template' ? { template: message.content } : {}),
    ...(rendered ? { quickReplies: rendered.quickReplies } : {}),
    payload: message.payload,
  };
}

/** The line that a person would read aloud. */
export function readableText(type: string, content: JsonObject): string | undefined {
  if (type === 'text') return textOf(content['body']);
  if (type === 'interactive') return textOf(objectOf(content['body'])['text']);
  if (type === 'reaction') return textOf(content['emoji']);
  return textOf(content['caption']);
}

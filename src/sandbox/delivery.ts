import { Injectable } from '@nestjs/common';
import { Accounts, type BusinessNumber } from './accounts.js';
import { SandboxClock } from './clock.js';
import { GraphError } from './graph-error.js';
import { type Handset, type HandsetMessage, Handsets } from './handset.js';
import { derivedDigits } from './ids.js';
import type { JsonObject } from './json-input.js';
import type { DeliveryEvent } from './ledger.js';
import { RealTime } from './real-time.js';
import { SandboxSettings } from './settings.js';
import { WebhookSender } from './webhook-sender.js';

/** An accepted message on its way to a phone. */
export interface Shipment {
  readonly wamid: string;
  readonly number: BusinessNumber;
  readonly handset: Handset;
  /** The person's user id when the sender named it instead of the phone number. */
  readonly addressedUserId?: string;
  readonly callbackData?: string;
  /** `marketing`, `utility`, `authentication` or `service`. */
  readonly category: string;
  readonly wasWindowOpen: boolean;
  readonly shown: HandsetMessage;
  /** The ledger's list of what became of it. */
  readonly events: DeliveryEvent[];
  /** Why it will never arrive, when that is already known. */
  readonly failure?: GraphError;
}

/** Brings accepted messages to the phones and tells the application how far they came: sent, delivered, read or failed. */
@Injectable()
export class Delivery {
  private readonly conversations = new Map<string, { id: string; endsAt: number }>();

  constructor(
    private readonly settings: SandboxSettings,
    private readonly clock: SandboxClock,
    private readonly accounts: Accounts,
    private readonly handsets: Handsets,
    private readonly webhooks: WebhookSender,
    private readonly realTime: RealTime,
  ) {}

  /** Starts the way of a message. To be called when its sender has had (or lost) the answer. */
  ship(shipment: Shipment): void {
    const { failure, handset } = shipment;
    if (failure) return this.fail(shipment, failure);
    this.report(shipment, 'sent');
    if (!handset.behaviour.onWhatsApp) return this.fail(shipment, new GraphError(131026, 'Message undeliverable.'));
    if (!handset.behaviour.delivers) return;
    const { delayMs } = handset.behaviour;
    if (delayMs > 0) this.realTime.after(delayMs, () => this.deliver(shipment));
    else this.deliver(shipment);
  }

  private deliver(shipment: Shipment): void {
    shipment.handset.show(shipment.shown);
    this.report(shipment, 'delivered');
    if (!shipment.handset.behaviour.reads) return;
    this.realTime.after(this.settings.switches.readAfterMs, () => this.report(shipment, 'read'));
  }

  private fail(shipment: Shipment, failure: GraphError): void {
    this.report(shipment, 'failed', failure);
  }

  private report(shipment: Shipment, status: 'sent' | 'delivered' | 'read' | 'failed', failure?: GraphError): void {
    const { wamid, number, handset, shown, events } = shipment;
    shown.status = status;
    const at = this.clock.now();
    const event: DeliveryEvent = {
      status: status.toUpperCase(),
      at,
      webhook: 'PENDING',
      ...(failure ? { error: failure.title } : {}),
    };
    events.push(event);
    if (!this.accounts.isSubscribed(number)) {
      event.webhook = 'FAILED';
      return;
    }
    this.webhooks.emit({
      lane: `${number.id}|${handset.waId}`,
      kind: 'status',
      field: 'messages',
      wabaId: number.wabaId,
      phoneNumberId: number.id,
      displayPhoneNumber: number.displayPhoneNumber,
      waId: handset.waId,
      wamid,
      type: status,
      value: this.statusOf(shipment, status, at, failure),
      settled: (taken) => {
        event.webhook = taken ? 'DELIVERED' : 'FAILED';
      },
    });
  }

  // Built by assignment: this runs three times a message, and spreading is what it would otherwise spend its time on.
  private statusOf(shipment: Shipment, status: string, at: Date, failure?: GraphError): JsonObject {
    const { wamid, number, handset, addressedUserId, callbackData } = shipment;
    const value: JsonObject = { id: wamid, status, timestamp: String(Math.floor(at.getTime() / 1000)) };
    if (addressedUserId === undefined || !handset.behaviour.hidesPhone) value['recipient_id'] = handset.waId;
    value['recipient_user_id'] = addressedUserId ?? this.handsets.userIdOf(handset, number.wabaId);
    if (callbackData !== undefined && (!failure || this.settings.switches.opaqueOnFailed)) {
      value['biz_opaque_callback_data'] = callbackData;
    }
    if (status === 'sent' || status === 'delivered') this.addBilling(value, shipment, at);
    if (failure) value['errors'] = [failure.statusError()];
    return value;
  }

  /** Meta tells the price with `sent` and once more with `delivered`. */
  private addBilling(value: JsonObject, shipment: Shipment, at: Date): void {
    if (this.settings.switches.pricingModel === 'CBP') return this.addConversationBilling(value, shipment, at);
    const { wamid, category, wasWindowOpen } = shipment;
    const isFree = category === 'service' || (category === 'utility' && wasWindowOpen);
    if (this.settings.switches.conversationInStatuses) {
      // Since 2025 one id a message: the tail of the message id is as good as any.
      const id = Buffer.from(wamid.slice(-28), 'latin1').toString('hex').slice(0, 32);
      value['conversation'] = conversationOf(value, id, category, at.getTime() + DAY_MS);
    }
    value['pricing'] = {
      billable: !isFree,
      pricing_model: 'PMP',
      type: isFree ? 'free_customer_service' : 'regular',
      category,
    };
  }

  /** As until 2025-06-30 (Meta, "Conversation-based pricing"): one conversation a customer and category, for 24 hours. */
  private addConversationBilling(value: JsonObject, { number, handset, category }: Shipment, at: Date): void {
    const key = `${number.id}|${handset.waId}|${category}`;
    let open = this.conversations.get(key);
    if (!open || open.endsAt <= at.getTime()) {
      open = { id: derivedDigits(`conversation|${key}|${at.getTime()}`, 32), endsAt: at.getTime() + DAY_MS };
      this.conversations.set(key, open);
    }
    value['conversation'] = conversationOf(value, open.id, category, open.endsAt);
    value['pricing'] = { billable: category !== 'service', pricing_model: 'CBP', category };
  }
}

const DAY_MS = 24 * 60 * 60 * 1000;

/** The end is told with `sent` alone. */
function conversationOf(status: JsonObject, id: string, category: string, endsAt: number): JsonObject {
  const conversation: JsonObject = { id };
  if (status['status'] === 'sent') conversation['expiration_timestamp'] = String(Math.floor(endsAt / 1000));
  conversation['origin'] = { type: category };
  return conversation;
}

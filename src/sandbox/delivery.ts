import { Injectable } from '@nestjs/common';
import { Accounts, type BusinessNumber } from './accounts.js';
import { SandboxClock } from './clock.js';
import { GraphError } from './graph-error.js';
import { type Handset, type HandsetMessage, Handsets } from './handset.js';
import type { JsonObject } from './json-input.js';
import { type DeliveryEvent, Ledger } from './ledger.js';
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
  /** Why it will never arrive, when that is already known. */
  readonly failure?: GraphError;
}

/** Brings accepted messages to the phones and tells the application how far they came: sent, delivered, read or failed. */
@Injectable()
export class Delivery {
  constructor(
    private readonly settings: SandboxSettings,
    private readonly clock: SandboxClock,
    private readonly accounts: Accounts,
    private readonly handsets: Handsets,
    private readonly ledger: Ledger,
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
    const { wamid, number, handset, shown } = shipment;
    shown.status = status;
    const at = this.clock.now();
    const event: DeliveryEvent = { status: status.toUpperCase(), at, webhook: 'PENDING', ...(failure ? { error: failure.title } : {}) };
    this.ledger.note(wamid, event);
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

  private statusOf(shipment: Shipment, status: string, at: Date, failure?: GraphError): JsonObject {
    const { wamid, number, handset, addressedUserId, callbackData } = shipment;
    const echoes = callbackData !== undefined && (!failure || this.settings.switches.opaqueOnFailed);
    return {
      id: wamid,
      status,
      timestamp: String(Math.floor(at.getTime() / 1000)),
      ...(addressedUserId === undefined || !handset.behaviour.hidesPhone ? { recipient_id: handset.waId } : {}),
      recipient_user_id: addressedUserId ?? this.handsets.userIdOf(handset, number.wabaId),
      ...(echoes ? { biz_opaque_callback_data: callbackData } : {}),
      ...(status === 'sent' || status === 'delivered' ? this.billing(shipment, status, at) : {}),
      ...(failure ? { errors: [failure.statusError()] } : {}),
    };
  }

  /** Meta tells the price with `sent` and once more with `delivered`. */
  private billing({ wamid, category, wasWindowOpen }: Shipment, status: string, at: Date): JsonObject {
    const isFree = category === 'service' || (category === 'utility' && wasWindowOpen);
    const pricing = {
      billable: !isFree,
      pricing_model: 'PMP',
      type: isFree ? 'free_customer_service' : 'regular',
      category,
    };
    if (!this.settings.switches.conversationInStatuses) return { pricing };
    const expiresAt = Math.floor(at.getTime() / 1000) + 24 * 60 * 60;
    return {
      conversation: {
        // Since 2025 one id a message: the tail of the message id is as good as any.
        id: Buffer.from(wamid.slice(-28)).toString('hex').slice(0, 32),
        ...(status === 'sent' ? { expiration_timestamp: String(expiresAt) } : {}),
        origin: { type: category },
      },
      pricing,
    };
  }
}

import { Injectable } from '@nestjs/common';
import { Clock } from '../../../../kernel/clock.js';
import { type OutgoingMessage, type Sender, WhatsApp } from '../../application/outbound/whatsapp.js';
import type { SendOutcome } from '../../domain/send-outcome.js';
import { GraphClient, graphPath, NO_FREE_CONNECTION } from './graph-client.js';
import { outcomeOf, receiptOutcomeOf } from './meta-errors.js';
import { messagePayload, readReceiptPayload } from './message-payload.js';

/** Milliseconds until a message is tried again that found no free connection. */
const CROWD_WAIT = 1_000;

/** WhatsApp by Meta's Cloud API. */
@Injectable()
export class MetaWhatsApp extends WhatsApp {
  constructor(
    private readonly graph: GraphClient,
    private readonly clock: Clock,
  ) {
    super();
  }

  /** A signal that is aborted in time stops the message; once it is on the wire its outcome is awaited, because it counts. */
  async send(
    { phoneNumberId, accessToken }: Sender,
    message: OutgoingMessage,
    signal?: AbortSignal,
  ): Promise<SendOutcome> {
    if (signal?.aborted) return { kind: 'deferred', retryAt: this.clock.now() };
    const answer = await this.graph.request({
      method: 'POST',
      path: graphPath(phoneNumberId, 'messages'),
      body: messagePayload(message),
      accessToken,
    });
    if (answer.kind === 'lost' && answer.code === NO_FREE_CONNECTION)
      return { kind: 'deferred', retryAt: new Date(this.clock.now().getTime() + CROWD_WAIT * (1 + Math.random())) };
    return outcomeOf(answer, accessToken);
  }

  async markAsRead(
    { phoneNumberId, accessToken }: Sender,
    wamid: string,
    show: 'ticks' | 'ticks-and-typing',
  ): Promise<SendOutcome> {
    const answer = await this.graph.request({
      method: 'POST',
      path: graphPath(phoneNumberId, 'messages'),
      body: readReceiptPayload(wamid, show),
      accessToken,
    });
    return receiptOutcomeOf(answer, accessToken, wamid);
  }
}

import { setTimeout as pause } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Accounts, type BusinessNumber } from '../accounts.js';
import { answerGraph } from '../answer-errors.js';
import { Delivery } from '../delivery.js';
import { GraphError } from '../graph-error.js';
import { objectOf, requiredText, textOf } from '../json-input.js';
import { MessageIntake, type SendAnswer } from '../message-intake.js';
import { ReadReceipts } from '../read-receipts.js';
import { SandboxSettings } from '../settings.js';
import { Tokens } from '../tokens.js';
import { AnswerWatch } from './answer-watch.js';
import { graphErrorOf } from './fault-gate.js';
import { tokenOf } from './request.js';

/** How long the answer waits for the callback with the switch `callbackBeforeAnswer`. */
const CALLBACK_LEAD_MS = 150;

/**
 * `POST /{phone-number-id}/messages`: sends, read receipts, typing. A route of the server itself and no controller: the
 * rest of Nest's chain would cost as much as the send, and senders are measured against this.
 */
@Injectable()
export class MessagesRoute {
  constructor(
    private readonly settings: SandboxSettings,
    private readonly tokens: Tokens,
    private readonly accounts: Accounts,
    private readonly intake: MessageIntake,
    private readonly receipts: ReadReceipts,
    private readonly delivery: Delivery,
    private readonly watch: AnswerWatch,
  ) {}

  install(server: FastifyInstance): void {
    server.post<{ Params: { phoneNumberId: string } }>('/:phoneNumberId/messages', (request, reply) => {
      try {
        this.handle(request.params.phoneNumberId, request, reply);
      } catch (error) {
        answerGraph(error, request, reply);
      }
    });
  }

  private handle(phoneNumberId: string, request: FastifyRequest, reply: FastifyReply): void {
    const token = this.tokens.check(tokenOf(request));
    const number = this.accounts.numberUsedBy(token, phoneNumberId, 'POST');
    if (objectOf(request.body)['status'] !== undefined) return answer(reply, this.markAsRead(number, request.body));
    const fault = this.watch.faultOf(request.raw);
    const failure = fault?.kind === 'graph-error' ? graphErrorOf(fault) : undefined;
    const { answer: accepted, shipment } = this.intake.accept(number, request.body, failure);
    if (!shipment) return answer(reply, accepted);
    if (this.settings.switches.callbackBeforeAnswer) {
      this.delivery.ship(shipment);
      void pause(CALLBACK_LEAD_MS).then(() => answer(reply, accepted));
      return;
    }
    this.watch.whenAnswered(request.raw, () => this.delivery.ship(shipment));
    reply.raw.once('close', () => this.watch.answered(request.raw));
    answer(reply, accepted);
  }

  private markAsRead(number: BusinessNumber, body: unknown): { success: true } {
    const receipt = objectOf(body);
    if (receipt['messaging_product'] !== 'whatsapp')
      throw new GraphError(100, 'The parameter messaging_product is required.');
    if (receipt['status'] !== 'read') throw GraphError.invalid('status', "must be 'read'");
    const indicator = receipt['typing_indicator'];
    if (indicator !== undefined && textOf(objectOf(indicator)['type']) !== 'text') {
      throw GraphError.invalid('typing_indicator.type', "must be 'text'");
    }
    this.receipts.mark(number, requiredText(receipt['message_id'], 'message_id', 512));
    return { success: true };
  }
}

function answer(reply: FastifyReply, body: SendAnswer | { success: true }): void {
  void reply.type('application/json; charset=utf-8').send(JSON.stringify(body));
}

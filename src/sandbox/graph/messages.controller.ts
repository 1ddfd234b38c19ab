import { setTimeout as pause } from 'node:timers/promises';
import { Body, Controller, HttpCode, Param, Post, Req, Res, UseGuards } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Accounts, type BusinessNumber } from '../accounts.js';
import { Delivery } from '../delivery.js';
import { GraphError } from '../graph-error.js';
import { objectOf, requiredText, textOf } from '../json-input.js';
import { MessageIntake, type SendAnswer } from '../message-intake.js';
import { ReadReceipts } from '../read-receipts.js';
import { SandboxSettings } from '../settings.js';
import { AnswerWatch } from './answer-watch.js';
import { graphErrorOf } from './fault-gate.js';
import { Token, TokenGuard } from './request.js';

/** How long the answer waits for the callback with the switch `callbackBeforeAnswer`. */
const CALLBACK_LEAD_MS = 150;

/** `POST /{phone-number-id}/messages`: sends, read receipts, typing. */
@Controller()
@UseGuards(TokenGuard)
export class MessagesController {
  constructor(
    private readonly settings: SandboxSettings,
    private readonly accounts: Accounts,
    private readonly intake: MessageIntake,
    private readonly receipts: ReadReceipts,
    private readonly delivery: Delivery,
    private readonly watch: AnswerWatch,
  ) {}

  @Post(':phoneNumberId/messages')
  @HttpCode(200)
  async send(
    @Param('phoneNumberId') phoneNumberId: string,
    @Body() body: unknown,
    @Token() token: string,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SendAnswer | { success: true }> {
    const number = this.accounts.numberUsedBy(token, phoneNumberId, 'POST');
    if (objectOf(body)['status'] !== undefined) return this.markAsRead(number, body);
    const fault = this.watch.faultOf(request.raw);
    const failure = fault?.kind === 'graph-error' ? graphErrorOf(fault) : undefined;
    const { answer, shipment } = this.intake.accept(number, body, failure);
    if (!shipment) return answer;
    if (this.settings.switches.callbackBeforeAnswer) {
      this.delivery.ship(shipment);
      await pause(CALLBACK_LEAD_MS);
      return answer;
    }
    this.watch.whenAnswered(request.raw, () => this.delivery.ship(shipment));
    reply.raw.once('close', () => this.watch.answered(request.raw));
    return answer;
  }

  private markAsRead(number: BusinessNumber, body: unknown): { success: true } {
    const receipt = objectOf(body);
    if (receipt['messaging_product'] !== 'whatsapp') throw new GraphError(100, 'The parameter messaging_product is required.');
    if (receipt['status'] !== 'read') throw GraphError.invalid('status', "must be 'read'");
    const indicator = receipt['typing_indicator'];
    if (indicator !== undefined && textOf(objectOf(indicator)['type']) !== 'text') {
      throw GraphError.invalid('typing_indicator.type', "must be 'text'");
    }
    this.receipts.mark(number, requiredText(receipt['message_id'], 'message_id', 512));
    return { success: true };
  }
}

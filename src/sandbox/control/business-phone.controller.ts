import { BadRequestException, Body, Controller, HttpCode, Param, Post } from '@nestjs/common';
import { Accounts, type BusinessNumber } from '../accounts.js';
import { BusinessPhone, type HistoryMessage } from '../business-phone.js';
import { isObject, type JsonObject, objectOf, textOf } from '../json-input.js';
import { NumberNews } from '../number-news.js';

/** `/sandbox/numbers/{id}/...`: what the merchant does on the phone itself; `/sandbox/accounts/{wabaId}/update`: what Meta decides. */
@Controller('sandbox')
export class BusinessPhoneController {
  constructor(
    private readonly accounts: Accounts,
    private readonly phone: BusinessPhone,
    private readonly news: NumberNews,
  ) {}

  /** `{to, text}`, or `{to, message: {type, ...}}` word by word. */
  @Post('numbers/:phoneNumberId/echoes')
  @HttpCode(202)
  write(@Param('phoneNumberId') id: string, @Body() body: unknown): { id: string } {
    const { to, ...content } = objectOf(body);
    return { id: this.phone.write(this.number(id), digitsOf(to, 'to'), contentOf(content)) };
  }

  /** `{messages: [{with, direction: in|out, text | message, status?, timestamp?}], phase?, chunk?, progress?}`, or `{refused: true}`. */
  @Post('numbers/:phoneNumberId/history')
  @HttpCode(202)
  share(@Param('phoneNumberId') id: string, @Body() body: unknown): void {
    const { messages, phase, chunk, progress, refused } = objectOf(body);
    const number = this.number(id);
    if (refused === true) return this.phone.refuseHistory(number);
    const read = (Array.isArray(messages) ? messages : []).map((message) => historyMessage(objectOf(message)));
    const part = { phase: wholeOf(phase, 0), chunk: wholeOf(chunk, 1), progress: wholeOf(progress, 100) };
    this.phone.shareHistory(number, part, read);
  }

  /** `{phone, name, action?: add|edit|remove}` */
  @Post('numbers/:phoneNumberId/contacts')
  @HttpCode(202)
  contact(@Param('phoneNumberId') id: string, @Body() body: unknown): void {
    const { phone, name, action = 'add' } = objectOf(body);
    if (action !== 'add' && action !== 'edit' && action !== 'remove')
      throw new BadRequestException('action must be add, edit or remove');
    this.phone.changeContact(this.number(id), action, digitsOf(phone, 'phone'), textOf(name) ?? '');
  }

  /** `{from, event?: connect|terminate, callId?}` */
  @Post('numbers/:phoneNumberId/calls')
  @HttpCode(202)
  call(@Param('phoneNumberId') id: string, @Body() body: unknown): { id: string } {
    const { from, event = 'connect', callId } = objectOf(body);
    if (event !== 'connect' && event !== 'terminate')
      throw new BadRequestException('event must be connect or terminate');
    return { id: this.phone.call(this.number(id), digitsOf(from, 'from'), event, textOf(callId)) };
  }

  /** `{event, ...}`: an `account_update` with these members. */
  @Post('accounts/:wabaId/update')
  @HttpCode(202)
  update(@Param('wabaId') wabaId: string, @Body() body: unknown): void {
    const { event, ...members } = objectOf(body);
    const word = textOf(event);
    if (word === undefined) throw new BadRequestException('event is needed');
    this.news.account(digitsOf(wabaId, 'wabaId'), word, members);
  }

  private number(id: string): BusinessNumber {
    return this.accounts.number(digitsOf(id, 'phoneNumberId'));
  }
}

function contentOf({ text, message }: JsonObject): JsonObject {
  if (typeof text === 'string') return { type: 'text', text: { body: text } };
  if (isObject(message) && typeof message['type'] === 'string') return message;
  throw new BadRequestException('text, or a message with its type, is needed');
}

function historyMessage({ with: customer, direction, status, timestamp, ...content }: JsonObject): HistoryMessage {
  const at = textOf(timestamp);
  return {
    with: digitsOf(customer, 'with'),
    isOutbound: direction === 'out',
    status: textOf(status) ?? 'READ',
    content: contentOf(content),
    ...(at !== undefined && { timestamp: at }),
  };
}

function digitsOf(value: unknown, name: string): string {
  const digits = typeof value === 'string' ? value : '';
  if (!/^\d{1,32}$/.test(digits)) throw new BadRequestException(`${name} must be digits`);
  return digits;
}

function wholeOf(value: unknown, otherwise: number): number {
  return typeof value === 'number' && Number.isInteger(value) ? value : otherwise;
}

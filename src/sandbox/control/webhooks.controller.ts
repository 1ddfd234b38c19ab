import { BadRequestException, Body, Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import { Accounts } from '../accounts.js';
import { isObject, textOf } from '../json-input.js';
import { escapedUnicode } from '../webhook-payload.js';
import { type WebhookRecord, WebhookSender } from '../webhook-sender.js';

/** `/sandbox/webhooks`: what was told to the application and what it answered. */
@Controller('sandbox/webhooks')
export class WebhooksController {
  constructor(
    private readonly accounts: Accounts,
    private readonly webhooks: WebhookSender,
  ) {}

  @Get()
  list(@Query() query: Record<string, unknown>): { data: object[] } {
    const { state, phoneNumberId, to } = query;
    const data = this.webhooks
      .list()
      .filter(
        (record) =>
          (state === undefined || record.state === state) &&
          (phoneNumberId === undefined || record.events.some((event) => event.phoneNumberId === phoneNumberId)) &&
          (to === undefined || record.events.some((event) => event.waId === to)),
      );
    return { data: data.map(viewOf) };
  }

  /**
   * Posts one webhook of the caller's making, signed: `{payload}` as JSON in Meta's form, `{body}` as these very
   * characters, or `{field, value, phoneNumberId | wabaId}` with the frame made here (history, user_preferences, echoes ...).
   */
  @Post()
  @HttpCode(202)
  post(@Body() body: unknown): { id: number } {
    if (!isObject(body)) throw new BadRequestException('the body must be an object');
    if (typeof body['body'] === 'string') return { id: this.webhooks.emitRaw(body['body']).id };
    if (isObject(body['payload'])) return { id: this.webhooks.emitRaw(escapedUnicode(body['payload'])).id };
    const field = textOf(body['field']);
    const value = body['value'];
    if (!field || !isObject(value))
      throw new BadRequestException('one of payload, body, or field with value is needed');
    return { id: this.webhooks.emitRaw(escapedUnicode(this.framed(field, value, body))).id };
  }

  private framed(field: string, value: object, body: Record<string, unknown>): object {
    const phoneNumberId = textOf(body['phoneNumberId']);
    const number = phoneNumberId === undefined ? undefined : this.accounts.number(phoneNumberId);
    const metadata = number && {
      messaging_product: 'whatsapp',
      metadata: { display_phone_number: number.displayPhoneNumber, phone_number_id: number.id },
    };
    const id = number?.wabaId ?? textOf(body['wabaId']) ?? '0';
    return {
      object: 'whatsapp_business_account',
      entry: [{ id, changes: [{ value: { ...metadata, ...value }, field }] }],
    };
  }
}

/** A record without what `payload` says already. */
function viewOf({ events, ...record }: WebhookRecord): object {
  return {
    ...record,
    events: events.map(({ kind, field, phoneNumberId, waId, wamid, type }) => ({
      kind,
      field,
      phoneNumberId,
      waId,
      wamid,
      type,
    })),
  };
}

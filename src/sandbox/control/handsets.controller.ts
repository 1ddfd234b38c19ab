import {
  BadRequestException,
  Body,
  Controller,
  Get,
  HttpCode,
  NotFoundException,
  Param,
  Patch,
  Post,
} from '@nestjs/common';
import { Accounts, type BusinessNumber } from '../accounts.js';
import { type Act, Customers } from '../customer.js';
import { type Handset, type HandsetBehaviour, type HandsetMessage, Handsets } from '../handset.js';
import { isObject, type JsonObject, objectOf, textOf } from '../json-input.js';
import { MEDIA_TYPES } from '../message-rules.js';

/** `/sandbox/handsets/{waId}`: the customer's phone, to act on and to look at. */
@Controller('sandbox/handsets')
export class HandsetsController {
  constructor(
    private readonly handsets: Handsets,
    private readonly accounts: Accounts,
    private readonly customers: Customers,
  ) {}

  @Post(':waId/messages')
  @HttpCode(201)
  write(@Param('waId') waId: string, @Body() body: unknown): HandsetMessage {
    const handset = this.handset(waId);
    const shown = this.customers.act(handset, this.number(body), readAct(objectOf(body)));
    if (!shown) throw new NotFoundException('The phone shows no message from this number with such a button or row');
    return shown;
  }

  /** `{phoneNumberId, marketing: "stop" | "resume"}`: the person's choice in the chat's settings. */
  @Post(':waId/preferences')
  @HttpCode(204)
  prefer(@Param('waId') waId: string, @Body() body: unknown): void {
    const { marketing } = objectOf(body);
    if (marketing !== 'stop' && marketing !== 'resume')
      throw new BadRequestException('marketing must be stop or resume');
    this.customers.prefer(this.handset(waId), this.number(body), marketing);
  }

  /** Every phone that anybody wrote from or to. */
  @Get()
  list(): { data: ({ waId: string } & HandsetBehaviour)[] } {
    return { data: [...this.handsets.all()].map(({ waId, behaviour }) => ({ waId, ...behaviour })) };
  }

  @Get(':waId/messages')
  messages(@Param('waId') waId: string): { data: readonly HandsetMessage[] } {
    return { data: this.handset(waId).messages() };
  }

  @Get(':waId')
  look(@Param('waId') waId: string): { waId: string } & HandsetBehaviour {
    const handset = this.handset(waId);
    return { waId: handset.waId, ...handset.behaviour };
  }

  @Patch(':waId')
  change(@Param('waId') waId: string, @Body() body: unknown): { waId: string } & HandsetBehaviour {
    const handset = this.handset(waId);
    Object.assign(handset.behaviour, readBehaviour(body, handset.behaviour));
    return { waId: handset.waId, ...handset.behaviour };
  }

  private number(body: unknown): BusinessNumber {
    const phoneNumberId = textOf(objectOf(body)['phoneNumberId']) ?? '';
    if (!/^\d{1,32}$/.test(phoneNumberId)) throw new BadRequestException('phoneNumberId must be numeric');
    return this.accounts.number(phoneNumberId);
  }

  private handset(waId: string): Handset {
    const digits = waId.replace(/^[+ ]/, '');
    if (!/^\d{5,20}$/.test(digits)) throw new BadRequestException('waId must be the digits of a phone number');
    return this.handsets.get(digits);
  }
}

function readAct(body: JsonObject): Act {
  const { text, tap, raw, media } = body;
  const context = textOf(body['context']);
  const replyTo = context === undefined ? {} : { context };
  if (typeof text === 'string') return { kind: 'text', text, ...replyTo };
  if (typeof tap === 'string') return { kind: 'tap', id: tap, ...replyTo };
  if (isObject(raw)) return { kind: 'raw', message: raw };
  if (isObject(media)) return readMedia(media);
  throw new BadRequestException('one of text, tap, raw or media is needed');
}

function readMedia(media: JsonObject): Act {
  const { type, mimeType, data, caption, filename } = media;
  const known = MEDIA_TYPES.find((one) => one === type);
  if (!known || typeof mimeType !== 'string' || typeof data !== 'string') {
    throw new BadRequestException(`media needs type (${MEDIA_TYPES.join(', ')}), mimeType and data (base64)`);
  }
  return {
    kind: 'media',
    type: known,
    mimeType,
    bytes: Buffer.from(data, 'base64'),
    ...(typeof caption === 'string' ? { caption } : {}),
    ...(typeof filename === 'string' ? { filename } : {}),
  };
}

function readBehaviour(body: unknown, present: HandsetBehaviour): Partial<HandsetBehaviour> {
  if (!isObject(body)) throw new BadRequestException('the body must be an object');
  for (const [name, value] of Object.entries(body)) {
    if (!Object.hasOwn(present, name)) throw new BadRequestException(`a handset has no ${name}`);
    const expected = typeof present[name as keyof HandsetBehaviour];
    if (typeof value !== expected) throw new BadRequestException(`${name} must be a ${expected}`);
  }
  const delay = body['delayMs'];
  if (typeof delay === 'number' && !(delay >= 0 && delay <= 86_400_000))
    throw new BadRequestException('delayMs must lie between 0 and 86400000');
  return body;
}

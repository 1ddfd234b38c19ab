import { BadRequestException, Body, Controller, Get, HttpCode, Param, Patch, Post, Put } from '@nestjs/common';
import { Accounts, type NumberDeclaration } from '../accounts.js';
import { Faults } from '../faults.js';
import { Handsets } from '../handset.js';
import { isObject } from '../json-input.js';
import { Ledger } from '../ledger.js';
import { MediaStore } from '../media-store.js';
import { NumberNews } from '../number-news.js';
import { ReadReceipts } from '../read-receipts.js';
import { RealTime } from '../real-time.js';
import { SandboxSettings, type Switches } from '../settings.js';
import { Templates } from '../templates.js';
import { Tokens } from '../tokens.js';
import { WebhookSender } from '../webhook-sender.js';

/** The sandbox as a whole: health, reset, switches, numbers. */
@Controller('sandbox')
export class StateController {
  constructor(
    private readonly settings: SandboxSettings,
    private readonly accounts: Accounts,
    private readonly handsets: Handsets,
    private readonly templates: Templates,
    private readonly media: MediaStore,
    private readonly tokens: Tokens,
    private readonly receipts: ReadReceipts,
    private readonly faults: Faults,
    private readonly ledger: Ledger,
    private readonly realTime: RealTime,
    private readonly webhooks: WebhookSender,
    private readonly news: NumberNews,
  ) {}

  @Get('health')
  health(): { status: 'ok'; webhookUrl: string; pendingWebhooks: number } {
    return { status: 'ok', webhookUrl: this.webhooks.url, pendingWebhooks: this.webhooks.pending };
  }

  /** Forgets everything but the clock and the switches. */
  @Post('reset')
  @HttpCode(204)
  reset(): void {
    this.realTime.clear();
    this.webhooks.clear();
    for (const store of [
      this.accounts,
      this.handsets,
      this.templates,
      this.media,
      this.tokens,
      this.receipts,
      this.faults,
      this.ledger,
    ]) {
      store.clear();
    }
  }

  @Get('switches')
  switches(): Switches {
    return this.settings.switches;
  }

  @Patch('switches')
  turn(@Body() body: unknown): Switches {
    if (!isObject(body)) throw new BadRequestException('the body must be an object');
    for (const [name, value] of Object.entries(body)) {
      const present: unknown = this.settings.switches[name as keyof Switches];
      if (!Object.hasOwn(this.settings.switches, name)) throw new BadRequestException(`there is no switch ${name}`);
      if (!allowed(name, value, present)) throw new BadRequestException(`${name} cannot be ${JSON.stringify(value)}`);
    }
    Object.assign(this.settings.switches, body);
    return this.settings.switches;
  }

  /**
   * Says which account a number belongs to, and what it is like: `{wabaId?, verifiedName?, messagesPerSecond?, qualityRating?, status?, nameStatus?,
   * messagingLimitTier?}`. What changes is told by webhook, as far as Meta tells it.
   */
  @Put('numbers/:phoneNumberId')
  declare(@Param('phoneNumberId') phoneNumberId: string, @Body() body: unknown): object {
    const declaration = readDeclaration(body);
    const before = { ...this.accounts.number(phoneNumberId, 'PUT') };
    const after = this.accounts.declare(phoneNumberId, declaration);
    this.news.tell(before, after);
    const { bucket: _, profile: __, ...number } = after;
    return number;
  }
}

const QUALITIES: readonly unknown[] = ['GREEN', 'YELLOW', 'RED', 'UNKNOWN'];

const CHOICES: Readonly<Record<string, readonly unknown[]>> = {
  windowClosed: ['status', 'answer'],
  throttleStatus: [400, 429],
  rates: ['kept', 'unlimited'],
  pricingModel: ['PMP', 'CBP'],
};

function allowed(name: string, value: unknown, present: unknown): boolean {
  const choices = CHOICES[name];
  if (choices) return choices.includes(value);
  if (typeof present === 'number')
    return (
      Number.isInteger(value) && Number(value) >= (name === 'statusesPerWebhook' ? 1 : 0) && Number(value) <= 1_000_000
    );
  return typeof value === typeof present;
}

function readDeclaration(body: unknown): NumberDeclaration {
  if (!isObject(body)) throw new BadRequestException('the body must be an object');
  const { wabaId, verifiedName, messagesPerSecond, qualityRating } = body;
  if (wabaId !== undefined && !(typeof wabaId === 'string' && /^\d{1,32}$/.test(wabaId)))
    throw new BadRequestException('wabaId must be numeric');
  if (verifiedName !== undefined && typeof verifiedName !== 'string')
    throw new BadRequestException('verifiedName must be a string');
  if (messagesPerSecond !== undefined && !(typeof messagesPerSecond === 'number' && messagesPerSecond > 0)) {
    throw new BadRequestException('messagesPerSecond must be above 0');
  }
  if (qualityRating !== undefined && !QUALITIES.includes(qualityRating)) {
    throw new BadRequestException('qualityRating must be GREEN, YELLOW, RED or UNKNOWN');
  }
  for (const name of ['status', 'nameStatus', 'messagingLimitTier']) {
    const value = body[name];
    if (value !== undefined && !(typeof value === 'string' && /^[A-Z0-9_]{1,40}$/.test(value)))
      throw new BadRequestException(`${name} must be a word in capitals`);
  }
  return body;
}

import { Body, Controller, Get, HttpCode, Param, Post, Query, UseGuards } from '@nestjs/common';
import { Accounts } from '../accounts.js';
import { GraphError } from '../graph-error.js';
import { arrayOf, objectOf, optionalText, textOf } from '../json-input.js';
import { Ledger, type LedgerEntry } from '../ledger.js';
import { SandboxSettings } from '../settings.js';
import { WebhookSender } from '../webhook-sender.js';
import { page, Token, TokenGuard } from './request.js';

const PROFILE_LIMITS = {
  about: 139,
  address: 256,
  description: 512,
  email: 128,
  vertical: 64,
  profile_picture_handle: 4096,
};

/** What hangs on a number besides its messages: registration, profile, message history. */
@Controller()
@UseGuards(TokenGuard)
export class NumbersController {
  constructor(
    private readonly settings: SandboxSettings,
    private readonly accounts: Accounts,
    private readonly ledger: Ledger,
    private readonly webhooks: WebhookSender,
  ) {}

  @Post(':phoneNumberId/register')
  @HttpCode(200)
  register(@Param('phoneNumberId') id: string, @Body() body: unknown, @Token() token: string): object {
    const { messaging_product: product, pin } = objectOf(body);
    if (product !== 'whatsapp') throw new GraphError(100, 'The parameter messaging_product is required.');
    if (!/^\d{6}$/.test(textOf(pin) ?? '')) throw new GraphError(100, 'Param pin must be 6 digits.');
    this.accounts.numberUsedBy(token, id, 'POST').registered = true;
    return { success: true };
  }

  @Post(':phoneNumberId/deregister')
  @HttpCode(200)
  deregister(@Param('phoneNumberId') id: string, @Token() token: string): object {
    this.accounts.numberUsedBy(token, id, 'POST').registered = false;
    return { success: true };
  }

  @Get(':phoneNumberId/whatsapp_business_profile')
  profile(@Param('phoneNumberId') id: string, @Query('fields') fields: unknown, @Token() token: string): object {
    const { profile } = this.accounts.numberUsedBy(token, id, 'GET');
    const names = textOf(fields)?.split(',') ?? Object.keys(profile);
    const asked = names.filter((name) => profile[name] !== undefined).map((name) => [name, profile[name]]);
    return { data: [{ messaging_product: 'whatsapp', ...Object.fromEntries(asked) }] };
  }

  @Post(':phoneNumberId/whatsapp_business_profile')
  @HttpCode(200)
  changeProfile(@Param('phoneNumberId') id: string, @Body() body: unknown, @Token() token: string): object {
    const changed = objectOf(body);
    if (changed['messaging_product'] !== 'whatsapp')
      throw new GraphError(100, 'The parameter messaging_product is required.');
    const { profile } = this.accounts.numberUsedBy(token, id, 'POST');
    for (const [name, limit] of Object.entries(PROFILE_LIMITS)) {
      const text = changed[name] === '' ? '' : optionalText(changed[name], name, limit);
      if (text !== undefined) profile[name] = text;
    }
    if (changed['websites'] !== undefined) profile['websites'] = arrayOf(changed['websites']).slice(0, 2);
    return { success: true };
  }

  /** Newest first. Names message ids and what became of them, not recipients or callback strings. */
  @Get(':phoneNumberId/message_history')
  history(@Param('phoneNumberId') id: string, @Query() query: Record<string, unknown>, @Token() token: string): object {
    const number = this.accounts.numberUsedBy(token, id, 'GET');
    const wanted = textOf(query['message_id']);
    const entries = this.ledger
      .find({ phoneNumberId: number.id })
      .filter((entry) => wanted === undefined || entry.wamid === wanted);
    const { data, paging } = page(entries.reverse(), query);
    const withEvents = textOf(query['fields'])?.includes('events') ?? false;
    return {
      data: data.map((entry) => ({
        ...namesOf(entry),
        ...(withEvents ? { events: { data: this.eventsOf(entry) } } : {}),
      })),
      paging,
    };
  }

  private eventsOf(entry: LedgerEntry): object[] {
    const { id } = namesOf(entry);
    return this.ledger.eventsOf(entry.wamid).map((event, index) => ({
      id: `${id}${index}`,
      delivery_status: event.status,
      timestamp: Math.floor(event.at.getTime() / 1000),
      webhook_update_state: event.webhook,
      application: { id: this.settings.appId },
      webhook_uri: this.webhooks.url,
      ...(event.error === undefined ? {} : { error_description: event.error }),
    }));
  }
}

function namesOf({ wamid }: LedgerEntry): { id: string; message_id: string } {
  return { id: `1${BigInt(`0x${Buffer.from(wamid.slice(-12)).toString('hex')}`) % 10n ** 15n}`, message_id: wamid };
}

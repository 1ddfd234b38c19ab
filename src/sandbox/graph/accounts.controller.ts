import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query, UseGuards } from '@nestjs/common';
import { Accounts } from '../accounts.js';
import { GraphError } from '../graph-error.js';
import { objectOf } from '../json-input.js';
import { SandboxSettings } from '../settings.js';
import { NUMBER_DEFAULTS, numberNode } from './node-shapes.js';
import { page, pick, Token, TokenGuard } from './request.js';

/** What hangs on an account: its numbers and the app's subscription to its webhooks. */
@Controller()
@UseGuards(TokenGuard)
export class AccountsController {
  constructor(
    private readonly settings: SandboxSettings,
    private readonly accounts: Accounts,
  ) {}

  @Get(':wabaId/phone_numbers')
  numbers(@Param('wabaId') wabaId: string, @Query() query: Record<string, unknown>, @Token() token: string): object {
    const numbers = this.accounts.numbersOf(this.accounts.account(wabaId), token);
    const { data, paging } = page(numbers, query);
    return { data: data.map((number) => pick(numberNode(number), query['fields'], NUMBER_DEFAULTS)), paging };
  }

  @Get(':wabaId/subscribed_apps')
  subscriptions(@Param('wabaId') wabaId: string): object {
    if (!this.accounts.account(wabaId).subscribed) return { data: [] };
    const { appId } = this.settings;
    return {
      data: [
        {
          whatsapp_business_api_data: {
            id: appId,
            name: 'WhatsApp sandbox',
            link: `https://www.facebook.com/games/?app_id=${appId}`,
          },
        },
      ],
    };
  }

  @Post(':wabaId/subscribed_apps')
  @HttpCode(200)
  subscribe(@Param('wabaId') wabaId: string, @Body() body: unknown): object {
    if (objectOf(body)['override_callback_uri'] !== undefined) {
      throw new GraphError(
        100,
        'The sandbox posts every webhook to one address; override_callback_uri is not supported.',
      );
    }
    this.accounts.account(wabaId, 'POST').subscribed = true;
    return { success: true };
  }

  @Delete(':wabaId/subscribed_apps')
  unsubscribe(@Param('wabaId') wabaId: string): object {
    this.accounts.account(wabaId, 'DELETE').subscribed = false;
    return { success: true };
  }
}

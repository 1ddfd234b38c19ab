import { Controller, Get, Query, Req, UseGuards } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Accounts } from '../accounts.js';
import { SandboxClock } from '../clock.js';
import { GraphError } from '../graph-error.js';
import { textOf } from '../json-input.js';
import { SandboxSettings } from '../settings.js';
import { Tokens } from '../tokens.js';
import { page, Token, TokenGuard, tokenOf } from './request.js';

const SCOPES = ['whatsapp_business_management', 'whatsapp_business_messaging', 'business_management'];

/** Tokens and what they open: the steps of embedded signup (Meta, "Onboard business customers as a tech provider"). */
@Controller()
export class OauthController {
  constructor(
    private readonly settings: SandboxSettings,
    private readonly clock: SandboxClock,
    private readonly tokens: Tokens,
    private readonly accounts: Accounts,
  ) {}

  /** Exchanges a signup code `sandbox_code_<anything>`, once, or a token for a long-lived one. */
  @Get('oauth/access_token')
  exchange(@Query() query: Record<string, unknown>): object {
    const { client_id: appId, client_secret: secret, grant_type: grant, code, fb_exchange_token: short } = query;
    if (appId !== this.settings.appId)
      throw new GraphError(101, 'Error validating application. Cannot get application info due to a system error.', {
        status: 400,
        title: 'Error validating application',
      });
    if (grant === 'client_credentials')
      return { access_token: `${this.settings.appId}|${this.settings.appSecret}`, token_type: 'bearer' };
    if (secret !== this.settings.appSecret)
      throw new GraphError(1, 'Error validating client secret.', { title: 'Error validating client secret.' });
    if (grant === 'fb_exchange_token') {
      const { token, seconds } = this.tokens.extend(textOf(short) ?? '');
      return { access_token: token, token_type: 'bearer', expires_in: seconds };
    }
    const token = this.tokens.exchangeCode(textOf(code) ?? '');
    this.accounts.signUp(this.tokens.secretOf(token));
    return { access_token: token, token_type: 'bearer' };
  }

  /** What a token may do; asked with the app's own token `<app id>|<app secret>` or with a good token. */
  @Get('debug_token')
  debug(@Query('input_token') input: unknown, @Req() request: FastifyRequest): object {
    const asking = tokenOf(request);
    if (asking !== `${this.settings.appId}|${this.settings.appSecret}`) this.tokens.check(asking);
    const token = textOf(input) ?? '';
    const isValid = this.tokens.isGood(token);
    const expiry = this.tokens.expiresAt(token);
    const base = {
      app_id: this.settings.appId,
      type: 'SYSTEM_USER',
      application: 'WhatsApp sandbox',
      is_valid: isValid,
    };
    if (!isValid)
      return {
        data: {
          ...base,
          scopes: [],
          error: { code: 190, message: 'Error validating access token: Session has expired.', subcode: 463 },
        },
      };
    const { account } = this.accounts.signUp(this.tokens.secretOf(token));
    return {
      data: {
        ...base,
        issued_at: Math.floor(this.clock.now().getTime() / 1000),
        expires_at: expiry ? Math.floor(expiry.getTime() / 1000) : 0,
        data_access_expires_at: 0,
        scopes: SCOPES,
        granular_scopes: SCOPES.slice(0, 2).map((scope) => ({ scope, target_ids: [account.id] })),
      },
    };
  }

  @Get('me')
  @UseGuards(TokenGuard)
  me(@Token() token: string): object {
    return { id: this.businessOf(token).id, name: 'Sandbox system user' };
  }

  @Get('me/businesses')
  @UseGuards(TokenGuard)
  businesses(@Token() token: string, @Query() query: Record<string, unknown>): object {
    return page([this.businessOf(token)], query);
  }

  /** The accounts that a business shares with the app: one for each token. */
  @Get([':businessId/owned_whatsapp_business_accounts', ':businessId/client_whatsapp_business_accounts'])
  @UseGuards(TokenGuard)
  sharedAccounts(@Token() token: string, @Query() query: Record<string, unknown>): object {
    const { id, name } = this.accounts.signUp(this.tokens.secretOf(token)).account;
    return page([{ id, name, currency: 'INR', timezone_id: '71', message_template_namespace: `sandbox_${id}` }], query);
  }

  private businessOf(token: string): { id: string; name: string } {
    const { businessId } = this.accounts.signUp(this.tokens.secretOf(token)).account;
    return { id: businessId, name: `Sandbox business ${businessId.slice(-4)}` };
  }
}

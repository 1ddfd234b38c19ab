import { Injectable, Logger } from '@nestjs/common';
import { Config } from '../../../../platform/config/config.js';
import { ProviderAccounts } from '../../application/accounts/provider-accounts.js';
import { ProviderRefused, ProviderUnreachable } from '../../domain/account-errors.js';
import type { NumberFacts } from '../../domain/whatsapp-account.js';
import { GraphClient, graphPath, type GraphRequest } from './graph-client.js';
import { graphFailure, lostError } from './meta-errors.js';
import { throughputOf } from './number-throughput.js';

const NUMBER_FIELDS = 'id,display_phone_number,verified_name,quality_rating,throughput,platform_type,is_on_biz_app';
const ACCOUNT_FIELDS = 'id,name,currency,owner_business_info';
const MANAGEMENT_SCOPE = 'whatsapp_business_management';
const PAGES = 10;

type Json = Record<string, unknown>;

/** Accounts by Meta's Graph API (Meta, "Onboard business customers as a tech provider"). */
@Injectable()
export class MetaAccounts extends ProviderAccounts {
  readonly #logger = new Logger(MetaAccounts.name);

  constructor(
    private readonly graph: GraphClient,
    private readonly config: Config,
  ) {
    super();
  }

  async exchangeCode(code: string): Promise<string> {
    const { META_APP_ID: clientId, META_APP_SECRET: secret } = this.config;
    const answer = await this.#ask({
      method: 'GET',
      path: 'oauth/access_token',
      query: { client_id: clientId, client_secret: secret, code },
    });
    if (typeof answer['access_token'] !== 'string' || answer['access_token'] === '')
      throw new ProviderUnreachable('NO_TOKEN');
    return answer['access_token'];
  }

  async sharedAccounts(accessToken: string): Promise<string[]> {
    const { META_APP_ID: appId, META_APP_SECRET: secret } = this.config;
    const answer = await this.#ask({
      method: 'GET',
      path: 'debug_token',
      query: { input_token: accessToken },
      accessToken: `${appId}|${secret}`,
    });
    const data = objectOf(answer['data']);
    if (data['is_valid'] !== true)
      throw new ProviderRefused(numberOf(objectOf(data['error'])['code']) ?? 190, 'the access token is not valid.');
    const scope = listOf(data['granular_scopes']).find((one) => one['scope'] === MANAGEMENT_SCOPE);
    const ids = Array.isArray(scope?.['target_ids']) ? (scope['target_ids'] as unknown[]) : [];
    return ids.map(String);
  }

  async account(wabaId: string, accessToken: string): Promise<{ businessProfileId: string | null }> {
    const answer = await this.#ask({
      method: 'GET',
      path: graphPath(wabaId),
      query: { fields: ACCOUNT_FIELDS },
      accessToken,
    });
    return { businessProfileId: textOf(objectOf(answer['owner_business_info'])['id']) };
  }

  async numbersOf(wabaId: string, accessToken: string): Promise<string[]> {
    const ids: string[] = [];
    let after: string | null = '';
    for (let page = 0; page < PAGES && after !== null; page++) {
      const answer: Json = await this.#ask({
        method: 'GET',
        path: graphPath(wabaId, 'phone_numbers'),
        query: { fields: 'id', limit: '100', ...(after === '' ? {} : { after }) },
        accessToken,
      });
      ids.push(...listOf(answer['data']).flatMap(({ id }) => textOf(id) ?? []));
      const paging = objectOf(answer['paging']);
      after = paging['next'] === undefined ? null : textOf(objectOf(paging['cursors'])['after']);
    }
    return ids;
  }

  async number(phoneNumberId: string, accessToken: string): Promise<NumberFacts> {
    const answer = await this.#ask({
      method: 'GET',
      path: graphPath(phoneNumberId),
      query: { fields: NUMBER_FIELDS },
      accessToken,
    });
    const display = textOf(answer['display_phone_number']);
    // An id of something else than a number is answered as well, without the fields that make one.
    if (display === null) throw new ProviderRefused(100, 'the id does not name a phone number.');
    return {
      phoneNumberId,
      displayPhoneNumber: `+${display.replace(/\D/g, '')}`,
      verifiedName: textOf(answer['verified_name']),
      qualityRating: textOf(answer['quality_rating']),
      throughput: throughputOf(answer),
    };
  }

  async subscribe(wabaId: string, accessToken: string): Promise<void> {
    const answer = await this.#ask({ method: 'POST', path: graphPath(wabaId, 'subscribed_apps'), accessToken });
    if (answer['success'] !== true) throw new ProviderUnreachable('NOT_SUBSCRIBED');
  }

  async unsubscribe(wabaId: string, accessToken: string): Promise<void> {
    try {
      await this.#ask({ method: 'DELETE', path: graphPath(wabaId, 'subscribed_apps'), accessToken });
    } catch (error) {
      this.#logger.warn(
        `The webhooks of a disconnected account go on: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
  }

  async #ask(request: GraphRequest): Promise<Json> {
    const answer = await this.graph.request(request);
    if (answer.kind === 'lost') throw new ProviderUnreachable(lostError(answer).code);
    const failure = graphFailure(answer, request.query?.['input_token'] ?? request.accessToken ?? '');
    if (!failure) return answer.status < 300 ? objectOf(answer.json) : unreadable(answer.status);
    const { code, title, detail, httpStatus } = failure.error;
    if (httpStatus >= 500 || TRY_AGAIN.has(code)) throw new ProviderUnreachable(code);
    throw new ProviderRefused(code, detail === undefined ? title : `${title} (${detail})`);
  }
}

/** Rates, and faults of Meta's own: nothing is wrong with what was asked. */
const TRY_AGAIN: ReadonlySet<number> = new Set([1, 2, 4, 17, 80007, 80008]);

function unreadable(status: number): never {
  throw new ProviderUnreachable(`HTTP_${status}`);
}

function objectOf(value: unknown): Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {};
}

function listOf(value: unknown): Json[] {
  return Array.isArray(value) ? value.map(objectOf) : [];
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

import { Injectable } from '@nestjs/common';
import { type NumberReading, NumberReadings } from '../../application/health/number-readings.js';
import { ProviderRefused, ProviderUnreachable } from '../../domain/account-errors.js';
import { GraphClient, graphPath } from './graph-client.js';
import { graphFailure, lostError } from './meta-errors.js';
import { throughputOf } from './number-throughput.js';

/** Meta, "WhatsApp Business Account phone number API"; the tier is the account's since limits are counted by portfolio (F5). */
const FIELDS =
  'id,display_phone_number,verified_name,quality_rating,status,name_status,throughput,messaging_limit_tier,is_on_biz_app,platform_type';

type Json = Record<string, unknown>;

/** Numbers' health by Meta's Graph API. */
@Injectable()
export class MetaHealth extends NumberReadings {
  constructor(private readonly graph: GraphClient) {
    super();
  }

  async read(phoneNumberId: string, accessToken: string): Promise<NumberReading> {
    const answer = await this.graph.request({
      method: 'GET',
      path: graphPath(phoneNumberId),
      query: { fields: FIELDS },
      accessToken,
    });
    if (answer.kind === 'lost') throw new ProviderUnreachable(lostError(answer).code);
    const failure = graphFailure(answer, accessToken);
    if (failure) {
      const { code, title, httpStatus } = failure.error;
      throw httpStatus >= 500 || httpStatus === 429 ? new ProviderUnreachable(code) : new ProviderRefused(code, title);
    }
    if (answer.status >= 300 || !isObject(answer.json)) throw new ProviderUnreachable(`HTTP_${answer.status}`);
    const number = answer.json;
    if (textOf(number['display_phone_number']) === null)
      throw new ProviderRefused(100, 'the id does not name a phone number.');
    const throughput = number['throughput'];
    return {
      qualityRating: textOf(number['quality_rating']),
      status: textOf(number['status']),
      throughput: isObject(throughput) ? textOf(throughput['level']) : null,
      messagingTier: textOf(number['messaging_limit_tier']),
      messagesPerSecond: throughputOf(number),
      verifiedName: textOf(number['verified_name']),
      raw: number,
    };
  }
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

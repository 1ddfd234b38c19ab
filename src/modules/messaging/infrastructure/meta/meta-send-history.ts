import { Injectable } from '@nestjs/common';
import { SendHistory } from '../../application/outbound/send-history.js';
import type { Sender } from '../../application/outbound/whatsapp.js';
import { GraphClient, graphPath } from './graph-client.js';

/** The most that Meta lists in a page. */
const PAGE = '100';

/** `GET /{phone-number-id}/message_history` of the Cloud API; apps without access to it get an error, and so no witness. */
@Injectable()
export class MetaSendHistory extends SendHistory {
  constructor(private readonly graph: GraphClient) {
    super();
  }

  async newest({ phoneNumberId, accessToken }: Sender): Promise<readonly string[] | undefined> {
    const answer = await this.graph.request({
      method: 'GET',
      path: graphPath(phoneNumberId, 'message_history'),
      query: { limit: PAGE },
      accessToken,
    });
    if (answer.kind !== 'answered' || answer.status !== 200) return undefined;
    const { data } = (answer.json ?? {}) as { data?: unknown };
    if (!Array.isArray(data)) return undefined;
    const wamids = data.map((entry: unknown) => (entry as { message_id?: unknown } | null)?.message_id);
    return wamids.every((wamid) => typeof wamid === 'string') ? wamids : undefined;
  }
}

import { Injectable } from '@nestjs/common';
import { MarketingStops } from '../../application/marketing/marketing-stops.js';
import { GuardsMessages, MessageGuard, type MessageToGuard } from '../../application/outbound/message-guard.js';
import { MARKETING_STOPPED } from '../../domain/marketing-stopped.js';

/**
 * Whoever ordered it, and whatever category the template had then: who has stopped a number's marketing gets none of it (F7, F8). The
 * provider would refuse it (131050), and count it against the number.
 */
@Injectable()
@GuardsMessages()
export class HoldMarketingBack extends MessageGuard {
  constructor(private readonly stops: MarketingStops) {
    super();
  }

  async forbid(messages: readonly MessageToGuard[]): Promise<ReadonlyMap<string, string>> {
    const forbidden = new Map<string, string>();
    for (const [phoneNumberId, ofNumber] of Map.groupBy(messages, (message) => message.phoneNumberId)) {
      const templates = ofNumber.flatMap(({ messageId, to, content }) =>
        content.type === 'template' ? [{ id: messageId, to, name: content.name, language: content.language }] : [],
      );
      for (const id of await this.stops.among(phoneNumberId, templates)) forbidden.set(id, MARKETING_STOPPED);
    }
    return forbidden;
  }
}

import { Injectable } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { GuardsMessages, MessageGuard, type MessageToGuard } from '../../application/outbound/message-guard.js';

/** Asks those who guard what leaves, in the open transaction. */
@Injectable()
export class Guards {
  #found: readonly MessageGuard[] | undefined;

  constructor(private readonly discovery: DiscoveryService) {}

  async forbid(messages: readonly MessageToGuard[]): Promise<ReadonlyMap<string, string>> {
    if (messages.length === 0) return new Map();
    const forbidden = new Map<string, string>();
    for (const guard of this.#all) for (const [id, reason] of await guard.forbid(messages)) forbidden.set(id, reason);
    return forbidden;
  }

  get #all(): readonly MessageGuard[] {
    return (this.#found ??= this.discovery
      .getProviders({ metadataKey: GuardsMessages.KEY })
      .map(({ instance }) => instance as MessageGuard));
  }
}

import { Injectable } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import {
  MessageWatcher,
  type MovedMessage,
  type QueuedMessage,
  type ReportedMessage,
  WatchesMessages,
} from '../../application/outbound/message-watcher.js';

/** Passes outgoing messages to those who watch them, in the open transaction. */
@Injectable()
export class Watchers {
  #found: readonly MessageWatcher[] | undefined;

  constructor(private readonly discovery: DiscoveryService) {}

  async queued(messages: readonly QueuedMessage[]): Promise<void> {
    if (messages.length > 0) for (const watcher of this.#all) await watcher.queued(messages);
  }

  async moved(messages: readonly MovedMessage[]): Promise<void> {
    if (messages.length > 0) for (const watcher of this.#all) await watcher.moved(messages);
  }

  async reported(messages: readonly ReportedMessage[]): Promise<void> {
    if (messages.length > 0) for (const watcher of this.#all) await watcher.reported(messages);
  }

  get #all(): readonly MessageWatcher[] {
    return (this.#found ??= this.discovery
      .getProviders({ metadataKey: WatchesMessages.KEY })
      .map(({ instance }) => instance as MessageWatcher));
  }
}

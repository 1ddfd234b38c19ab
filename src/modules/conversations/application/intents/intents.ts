import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import type { ListRow } from '../../../messaging/index.js';
import type { MessageContext } from '../pipeline/message-context.js';
import { HandlesIntent, IntentHandler, type IntentPlace } from './intent-handler.js';

const PRIORITY = 500;
/** WhatsApp's limit for a list (F9). */
const MENU_ROWS = 10;

export interface Intent extends IntentPlace {
  readonly handler: IntentHandler;
}

/** The intents that modules have registered, in the order in which they are asked. */
@Injectable()
export class Intents implements OnModuleInit {
  #intents: readonly Intent[] = [];

  constructor(private readonly discovery: DiscoveryService) {}

  onModuleInit(): void {
    this.#intents = this.discovery
      .getProviders()
      .flatMap((wrapper) => {
        const place = this.discovery.getMetadataByDecorator(HandlesIntent, wrapper);
        return place && wrapper.instance instanceof IntentHandler ? [{ ...place, handler: wrapper.instance }] : [];
      })
      .sort((a, b) => (a.priority ?? PRIORITY) - (b.priority ?? PRIORITY) || (a.name < b.name ? -1 : 1));
    if (this.menuRows.length > MENU_ROWS)
      throw new Error(
        `The main menu has ${this.menuRows.length} rows, WhatsApp shows ${MENU_ROWS}: give some of them a menu of their own`,
      );
  }

  *recognize(context: MessageContext): Generator<Intent, void, undefined> {
    for (const intent of this.#intents) if (intent.handler.recognizes(context)) yield intent;
  }

  get menuRows(): ListRow[] {
    return this.#intents.flatMap(({ menuRow }) => menuRow ?? []);
  }
}

import { DiscoveryService } from '@nestjs/core';
import type { MessageContext } from '../pipeline/message-context.js';

/** Why a message that an intent recognized has no answer of it: others may answer, or the same tap may be answered later. */
export type Unanswered = 'left' | 'withheld';

/** Answers one thing that a customer may write or tap. The first handler, by priority, that recognizes a message has it. */
export abstract class IntentHandler {
  /** Whether the message is this handler's; decided from the context alone, without a look into the database. */
  abstract recognizes(context: MessageContext): boolean;
  /** @returns nothing, unless it has no answer after all */
  abstract answer(context: MessageContext): Promise<Unanswered | undefined | void>;
}

export interface IntentPlace {
  /** `<module>.<what the customer wants>`; stable, in logs and metrics. */
  readonly name: string;
  /** Ascending; 500 unless said. The house's own: greeting 100, menu rows 1000, hint 9000. */
  readonly priority?: number;
  /**
   * `with-menu`, unless said: a tap after the menu's time is answered with the time-out text (S0.84). `never`: the tap names what it is
   * about (a due, an order) and means the same at any time (C5).
   */
  readonly tapsExpire?: 'with-menu' | 'never';
  /** Puts a row into the main menu; its tap comes back with this id. */
  readonly menuRow?: { readonly id: string; readonly title: string; readonly description?: string };
}

/** Marks an `IntentHandler`; a module adds one by providing it in its own module file. */
export const HandlesIntent = DiscoveryService.createDecorator<IntentPlace>();

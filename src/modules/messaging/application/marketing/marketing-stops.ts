import type { Recipient } from '../../domain/recipient.js';

/** A template for a customer. */
export interface TemplateFor {
  /** Of the asker's choice. */
  readonly id: string;
  readonly to: Recipient;
  readonly name: string;
  readonly language: string;
}

/** Customers who want no marketing from a number any more (F7), as they told the provider. */
export abstract class MarketingStops {
  /** Those of a number's templates that the provider counts as marketing, for customers who have stopped it. @returns their ids */
  abstract among(phoneNumberId: string, templates: readonly TemplateFor[]): Promise<ReadonlySet<string>>;
}

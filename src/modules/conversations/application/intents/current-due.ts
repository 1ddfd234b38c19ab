import { Injectable } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';

/** Knows what a customer owes. The module that keeps dues provides one, marked with `@ProvidesCurrentDue()`. */
export abstract class CurrentDue {
  /** @returns what the contact owes, as a text for them; undefined when nothing is on record */
  abstract describe(contactId: string): Promise<string | undefined>;
}

export const ProvidesCurrentDue = DiscoveryService.createDecorator();

/** Asks the provider of dues, if there is one. */
@Injectable()
export class CurrentDues {
  constructor(private readonly discovery: DiscoveryService) {}

  async describe(contactId: string): Promise<string | undefined> {
    const provider = this.discovery.getProviders({ metadataKey: ProvidesCurrentDue.KEY })[0]?.instance as
      CurrentDue | undefined;
    return provider?.describe(contactId);
  }
}

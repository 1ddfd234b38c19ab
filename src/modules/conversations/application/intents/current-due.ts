import { Injectable } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import type { MessageContent } from '../../../messaging/index.js';

/** Knows what a customer owes. A module that keeps dues provides one, marked with `@ProvidesCurrentDue()`. */
export abstract class CurrentDue {
  /** Answers a contact who asks what they owe. @returns a message for them; undefined when nothing is on record */
  abstract tell(contactId: string): Promise<MessageContent | undefined>;
}

export const ProvidesCurrentDue = DiscoveryService.createDecorator();

/** Asks the providers of dues, until one knows of some. */
@Injectable()
export class CurrentDues {
  constructor(private readonly discovery: DiscoveryService) {}

  async tell(contactId: string): Promise<MessageContent | undefined> {
    for (const { instance } of this.discovery.getProviders({ metadataKey: ProvidesCurrentDue.KEY })) {
      const told = await (instance as CurrentDue).tell(contactId);
      if (told) return told;
    }
    return undefined;
  }
}

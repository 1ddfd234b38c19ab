import { Injectable } from '@nestjs/common';
import { Commands } from '../../../../platform/cqrs/commands.js';
import { ResolveContact } from '../../../customers/index.js';
import type { SenderIdentity } from '../../../messaging/index.js';
import { Threads } from '../threads.js';

/** Finds or makes the contact of a customer whom the phone tells of, as a message of theirs would (F1). */
@Injectable()
export class PlaceOfCustomer {
  constructor(
    private readonly commands: Commands,
    private readonly threads: Threads,
  ) {}

  /** @param at the provider's time at which they were named so */
  async contactOf(customer: SenderIdentity, at: Date): Promise<string> {
    const { contactId, absorbedIds } = await this.commands.execute(new ResolveContact(customer, at));
    if (absorbedIds.length > 0) await this.threads.adopt(contactId, absorbedIds);
    return contactId;
  }
}

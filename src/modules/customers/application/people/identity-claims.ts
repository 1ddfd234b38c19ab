import { Injectable } from '@nestjs/common';
import { newId } from '../../../../kernel/ids.js';
import { Outbox } from '../../../../platform/outbox/outbox.js';
import { ContactsMerged, IdentityReassigned } from '../../domain/contact-events.js';
import { claimed, type IdentityClaim, resolve } from '../../domain/identity-resolution.js';
import { MovesBooks } from '../ledger/moves-books.js';
import { Contacts, type Sighting } from './contacts.js';

export interface ResolvedContact {
  readonly contactId: string;
  /** Contacts that turned out to be this one in this very transaction. */
  readonly absorbedIds: readonly string[];
}

/** Makes contacts be what a claim says. Race-safe: of parallel claims on the same identities the later ones wait. */
@Injectable()
export class IdentityClaims {
  constructor(
    private readonly contacts: Contacts,
    private readonly books: MovesBooks,
    private readonly outbox: Outbox,
  ) {}

  /** @param sighting left out where nobody was seen: a merchant wrote a number. Emits ContactsMerged, IdentityReassigned */
  async settle(claim: IdentityClaim, sighting?: Sighting): Promise<ResolvedContact> {
    const {
      contactId: known,
      absorbs,
      learns,
      takes,
      loses,
    } = resolve(claim, await this.contacts.lockHolders(claimed(claim)));
    const contactId = known ?? newId();
    const absorbedIds = absorbs.map(({ id }) => id);
    if (!known) await this.contacts.add(contactId, sighting);
    if (absorbs.length > 0) {
      await this.contacts.absorb(contactId, absorbedIds);
      await this.books.move(absorbedIds, contactId);
    }
    if (learns.length > 0) await this.contacts.give(contactId, learns);
    if (loses.length > 0) await this.contacts.remove(contactId, loses);
    await this.outbox.append([
      ...absorbs.map(({ id, identities }) => new ContactsMerged(contactId, id, identities)),
      ...takes.map(({ from, identity }) => new IdentityReassigned(from, contactId, identity)),
    ]);
    return { contactId, absorbedIds };
  }
}

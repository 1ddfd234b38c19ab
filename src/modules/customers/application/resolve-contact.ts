import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { newId } from '../../../kernel/ids.js';
import { Outbox } from '../../../platform/outbox/outbox.js';
import { ContactsMerged, IdentityReassigned } from '../domain/contact-events.js';
import type { NamedPerson } from '../domain/identity.js';
import { claimed, claimOfChange, claimOfSender, type IdentityClaim, resolve } from '../domain/identity-resolution.js';
import { Contacts, type Sighting } from './contacts.js';

/** A person as a message names its sender. */
export interface SeenPerson extends NamedPerson {
  readonly profileName?: string;
}

export interface ResolvedContact {
  readonly contactId: string;
  /** Contacts that turned out to be this one in this very transaction. */
  readonly absorbedIds: readonly string[];
}

/**
 * Finds or makes the contact that a message is from, and learns what the message shows of them (S2.105, F1). Race-safe: parallel
 * first messages make one contact. Emits ContactsMerged, IdentityReassigned.
 */
export class ResolveContact extends Command<ResolvedContact> {
  constructor(
    readonly person: SeenPerson,
    readonly seenAt: Date,
  ) {
    super();
  }
}

/**
 * The contact has another number or user id: Meta says so in a system message. The contact stays, the old number is given up.
 * Emits ContactsMerged, IdentityReassigned.
 */
export class RecordNumberChange extends Command<ResolvedContact> {
  constructor(
    readonly before: NamedPerson,
    readonly after: SeenPerson,
    readonly announcedAt: Date,
  ) {
    super();
  }
}

@CommandHandler(ResolveContact)
export class ResolveContactHandler implements ICommandHandler<ResolveContact> {
  constructor(
    private readonly contacts: Contacts,
    private readonly outbox: Outbox,
  ) {}

  async execute({ person, seenAt }: ResolveContact): Promise<ResolvedContact> {
    const claim = claimOfSender(person);
    const sighting = { seenAt, profileName: person.profileName };
    const known = await this.contacts.noteSeen(claimed(claim), sighting);
    if (known) return { contactId: known, absorbedIds: [] };
    const resolved = await settle(claim, sighting, this.contacts, this.outbox);
    await this.contacts.noteSeen(claimed(claim), sighting);
    return resolved;
  }
}

@CommandHandler(RecordNumberChange)
export class RecordNumberChangeHandler implements ICommandHandler<RecordNumberChange> {
  constructor(
    private readonly contacts: Contacts,
    private readonly outbox: Outbox,
  ) {}

  execute({ before, after, announcedAt }: RecordNumberChange): Promise<ResolvedContact> {
    return settle(
      claimOfChange(before, after),
      { seenAt: announcedAt, profileName: after.profileName },
      this.contacts,
      this.outbox,
    );
  }
}

async function settle(
  claim: IdentityClaim,
  sighting: Sighting,
  contacts: Contacts,
  outbox: Outbox,
): Promise<ResolvedContact> {
  const {
    contactId: known,
    absorbs,
    learns,
    takes,
    loses,
  } = resolve(claim, await contacts.lockHolders(claimed(claim)));
  const contactId = known ?? newId();
  const absorbedIds = absorbs.map(({ id }) => id);
  if (!known) await contacts.add(contactId, sighting);
  if (absorbs.length > 0) await contacts.absorb(contactId, absorbedIds);
  if (learns.length > 0) await contacts.give(contactId, learns);
  if (loses.length > 0) await contacts.remove(contactId, loses);
  await outbox.append([
    ...absorbs.map(({ id, identities }) => new ContactsMerged(contactId, id, identities)),
    ...takes.map(({ from, identity }) => new IdentityReassigned(from, contactId, identity)),
  ]);
  return { contactId, absorbedIds };
}

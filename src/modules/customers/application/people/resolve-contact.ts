import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { NamedPerson } from '../../domain/identity.js';
import { claimed, claimOfChange, claimOfSender } from '../../domain/identity-resolution.js';
import { Contacts } from './contacts.js';
import { IdentityClaims, type ResolvedContact } from './identity-claims.js';

/** A person as a message names its sender. */
export interface SeenPerson extends NamedPerson {
  readonly profileName?: string;
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
    private readonly claims: IdentityClaims,
  ) {}

  async execute({ person, seenAt }: ResolveContact): Promise<ResolvedContact> {
    const claim = claimOfSender(person);
    const sighting = { seenAt, profileName: person.profileName };
    const known = await this.contacts.noteSeen(claimed(claim), sighting);
    if (known) return { contactId: known, absorbedIds: [] };
    const resolved = await this.claims.settle(claim, sighting);
    await this.contacts.noteSeen(claimed(claim), sighting);
    return resolved;
  }
}

@CommandHandler(RecordNumberChange)
export class RecordNumberChangeHandler implements ICommandHandler<RecordNumberChange> {
  constructor(private readonly claims: IdentityClaims) {}

  execute({ before, after, announcedAt }: RecordNumberChange): Promise<ResolvedContact> {
    return this.claims.settle(claimOfChange(before, after), { seenAt: announcedAt, profileName: after.profileName });
  }
}

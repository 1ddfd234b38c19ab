import {
  canonicalPhone,
  type Identity,
  identityKey,
  type NamedPerson,
  numbers,
  sameIdentity,
  userIds,
  usernames,
} from './identity.js';

/** What is claimed about one person: which identities are theirs, and how much each says about who they are. */
export interface IdentityClaim {
  /** Never given to another person: whoever holds one is the person. */
  readonly proves: readonly Identity[];
  /** Whoever holds one is the person, unless their user ids say otherwise: numbers are given to new owners. */
  readonly suggests: readonly Identity[];
  /** User ids that say otherwise: a suggested holder who has user ids, but none of these, is somebody else. */
  readonly knownAs: readonly Identity[];
  /** Theirs from here on, whoever held them; says nothing about who they were. */
  readonly carries: readonly Identity[];
  /** Theirs no more. */
  readonly loses: readonly Identity[];
  /** Whether the user ids that they had are theirs no more either, and the new ones are not known yet. */
  readonly outdatesUserIds: boolean;
}

/** A contact that holds at least one of the claimed identities, with all of its own. */
export interface KnownContact {
  readonly id: string;
  readonly identities: readonly Identity[];
}

export interface Resolution {
  /** Undefined: nobody is known to be this person, so they are a new contact. */
  readonly contactId: string | undefined;
  /** Contacts that turned out to be the same person. */
  readonly absorbs: readonly KnownContact[];
  /** Identities that the contact does not hold yet. */
  readonly learns: readonly Identity[];
  /** Those of them that another contact loses by it: their number or username has a new owner. */
  readonly takes: readonly { readonly from: string; readonly identity: Identity }[];
  readonly loses: readonly Identity[];
}

/** What a message says about its sender. */
export function claimOfSender(person: NamedPerson): IdentityClaim {
  const [proves, suggests, carries] = [userIds(person), numbers(person.waId), usernames(person)];
  const isOnlyAName = proves.length + suggests.length === 0;
  return {
    proves,
    suggests: isOnlyAName ? carries : suggests,
    knownAs: proves.filter(isBsuid),
    carries: isOnlyAName ? [] : carries,
    loses: [],
    outdatesUserIds: false,
  };
}

/**
 * What Meta's system message says: the person of `before` has the number and user ids of `after`. The new number is carried, not
 * believed: who held it may be its former owner, whose dues are not this person's (D11). The old one may be anybody's tomorrow.
 * A new number comes with new user ids (F1), which the announcement may leave out.
 */
export function claimOfChange(before: NamedPerson, after: NamedPerson): IdentityClaim {
  const changesNumber = after.waId !== undefined && after.waId !== before.waId;
  return {
    proves: [...userIds(after), ...userIds(before)],
    suggests: numbers(before.waId),
    knownAs: [],
    carries: [...(changesNumber ? numbers(after.waId) : []), ...usernames(after)],
    loses: changesNumber ? numbers(before.waId) : [],
    outdatesUserIds: changesNumber && after.userId === undefined,
  };
}

/** A merchant writes a number: it names whoever has it, and says nothing about Meta's id of it. @param digits E.164 without the plus */
export function claimOfMerchant(digits: string): IdentityClaim {
  const phone: Identity = { kind: 'phone', value: canonicalPhone(digits) };
  return { proves: [], suggests: [phone], knownAs: [], carries: [], loses: [], outdatesUserIds: false };
}

/**
 * Decides who a claim is about. In a world where every person keeps their user id, any order of the same claims ends in the same
 * contacts. Two contacts become one only when nothing contradicts it; the older one stays.
 */
export function resolve(claim: IdentityClaim, known: readonly KnownContact[]): Resolution {
  const holders = (identities: readonly Identity[]): KnownContact[] =>
    identities.flatMap((identity) => known.filter((contact) => holds(contact, identity)));
  const person = new Set(holders(claim.proves));
  const userIdsOfPerson = new Set(
    [...claim.knownAs, ...[...person].flatMap(({ identities }) => identities)]
      .filter(isBsuid)
      .map(({ value }) => value),
  );
  for (const holder of holders(claim.suggests)) {
    const own = holder.identities.filter(isBsuid).map(({ value }) => value);
    const contradicts = own.length > 0 && userIdsOfPerson.size > 0 && !own.some((value) => userIdsOfPerson.has(value));
    if (contradicts) continue;
    person.add(holder);
    own.forEach((value) => userIdsOfPerson.add(value));
  }
  // UUIDv7: the smallest id is the oldest contact, whichever order the claims came in.
  const [survivor, ...absorbs] = [...person].sort((a, b) => (a.id < b.id ? -1 : 1));
  const outdated = claim.outdatesUserIds ? [...person].flatMap(({ identities }) => identities.filter(isUserId)) : [];
  const loses = [...claim.loses, ...outdated];
  const lost = new Set(loses.map(identityKey));
  const kept = [...claim.proves, ...claim.suggests, ...claim.carries].filter(
    (identity) => !lost.has(identityKey(identity)),
  );
  return {
    contactId: survivor?.id,
    absorbs,
    learns: kept
      .filter((identity) => !survivor || !holds(survivor, identity))
      .filter((identity) => !absorbs.some((contact) => holds(contact, identity))),
    takes: kept.flatMap((identity) =>
      known
        .filter((contact) => !person.has(contact) && holds(contact, identity))
        .map(({ id }) => ({ from: id, identity })),
    ),
    loses: loses.filter((identity) => [...person].some((contact) => holds(contact, identity))),
  };
}

/** Every identity that a claim names. */
export function claimed({ proves, suggests, carries, loses }: IdentityClaim): Identity[] {
  const all = [...proves, ...suggests, ...carries, ...loses];
  return [...new Map(all.map((identity) => [identityKey(identity), identity])).values()];
}

function holds(contact: KnownContact, identity: Identity): boolean {
  return contact.identities.some((own) => sameIdentity(own, identity));
}

function isBsuid({ kind }: Identity): boolean {
  return kind === 'bsuid';
}

function isUserId({ kind }: Identity): boolean {
  return kind === 'bsuid' || kind === 'parent_bsuid';
}

/** What a contact may be known by. `wa_id` is Meta's id of a phone, `phone` the number itself; they differ in a few countries. */
export type IdentityKind = 'phone' | 'wa_id' | 'bsuid' | 'parent_bsuid' | 'username';

export interface Identity {
  readonly kind: IdentityKind;
  /** `phone`: +E.164; `wa_id`: digits; user ids as Meta gave them; usernames in lower case without `@`. */
  readonly value: string;
}

/** A person as somebody names them; any of these may be missing, but not all (F1). */
export interface NamedPerson {
  /** Digits, Meta's id of the phone. */
  readonly waId?: string;
  /** Business-scoped user id. */
  readonly userId?: string;
  readonly parentUserId?: string;
  readonly username?: string;
}

export function sameIdentity(a: Identity, b: Identity): boolean {
  return a.kind === b.kind && a.value === b.value;
}

/** One text for one identity, for sets and maps. */
export function identityKey({ kind, value }: Identity): string {
  return `${kind}:${value}`;
}

/** Ids that Meta gives to one person and never to another. */
export function userIds({ userId, parentUserId }: NamedPerson): Identity[] {
  return [
    ...(userId ? [{ kind: 'bsuid', value: userId } as const] : []),
    ...(parentUserId ? [{ kind: 'parent_bsuid', value: parentUserId } as const] : []),
  ];
}

/** A phone by both of its names. */
export function numbers(waId: string | undefined): Identity[] {
  return waId
    ? [
        { kind: 'wa_id', value: waId },
        { kind: 'phone', value: canonicalPhone(waId) },
      ]
    : [];
}

export function usernames({ username }: NamedPerson): Identity[] {
  const value = username?.replace(/^@/, '').toLowerCase();
  return value ? [{ kind: 'username', value }] : [];
}

/**
 * The number that a merchant would write for a wa_id, as +E.164. WhatsApp drops the ninth digit of older Brazilian mobile numbers
 * and keeps the 1 that Mexico gave up (D11); everywhere else the two are the same.
 */
export function canonicalPhone(digits: string): string {
  const brazil = /^55(\d{2})([6-9]\d{7})$/.exec(digits);
  if (brazil) return `+55${brazil[1]}9${brazil[2]}`;
  const mexico = /^521(\d{10})$/.exec(digits);
  if (mexico) return `+52${mexico[1]}`;
  return `+${digits}`;
}

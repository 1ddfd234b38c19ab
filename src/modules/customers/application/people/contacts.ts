import type { Identity } from '../../domain/identity.js';
import type { KnownContact } from '../../domain/identity-resolution.js';

/** What a contact showed of themselves, and when (provider's time). */
export interface Sighting {
  readonly seenAt: Date;
  /** The name that the person gave on WhatsApp. */
  readonly profileName: string | undefined;
}

/** The merchant's contacts and what they are known by. */
export abstract class Contacts {
  /** Notes that the one contact who holds all of `identities` was seen. @returns its id, or undefined when no single contact holds them all */
  abstract noteSeen(identities: readonly Identity[], sighting: Sighting): Promise<string | undefined>;
  /**
   * Locks the identities, known or not, until the transaction ends: of parallel first messages the later ones wait here and then
   * find what the first has made (F15). @returns the contacts that hold any of them, locked
   */
  abstract lockHolders(identities: readonly Identity[]): Promise<KnownContact[]>;
  /** @param sighting left out: a merchant named them, nobody saw them yet */
  abstract add(contactId: string, sighting?: Sighting): Promise<void>;
  /** Gives identities to the contact, whoever held them. */
  abstract give(contactId: string, identities: readonly Identity[]): Promise<void>;
  abstract remove(contactId: string, identities: readonly Identity[]): Promise<void>;
  /** The merchant's name for them; null: they are called as they call themselves. */
  abstract rename(contactId: string, name: string | null): Promise<void>;
  /** Names a contact that has no name of the merchant's. @returns whether it had none */
  abstract nameUnnamed(contactId: string, name: string): Promise<boolean>;
  /** Moves identities and names to the survivor; whoever asks for an absorbed contact finds the survivor. */
  abstract absorb(survivorId: string, absorbedIds: readonly string[]): Promise<void>;
}

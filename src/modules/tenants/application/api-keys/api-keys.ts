import type { Scope } from '../../../../kernel/access.js';

/** A key as it is kept: a digest, never the key. */
export interface NewApiKey {
  readonly id: string;
  readonly name: string;
  /** The key's first characters, to recognise it by. */
  readonly hint: string;
  /** SHA-256 of the whole key, in hex. */
  readonly digest: string;
  readonly scopes: readonly Scope[];
  readonly createdAt: Date;
}

export abstract class ApiKeys {
  abstract add(key: NewApiKey): Promise<void>;
  /** @throws ApiKeyNotFound */
  abstract scopesOf(id: string): Promise<ReadonlySet<Scope>>;
  /** Refused from the commit on; a second time changes nothing. @throws ApiKeyNotFound */
  abstract revoke(id: string, at: Date): Promise<void>;
}

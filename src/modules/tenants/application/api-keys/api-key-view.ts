import type { Scope } from '../../../../kernel/access.js';

/** An API key as callers see it; the key itself is shown once, when it is created. */
export interface ApiKeyView {
  readonly id: string;
  readonly name: string;
  /** The key's first characters. */
  readonly hint: string;
  readonly scopes: readonly Scope[];
  readonly createdAt: Date;
  /** Exact to a minute. */
  readonly lastUsedAt: Date | null;
  readonly revokedAt: Date | null;
}

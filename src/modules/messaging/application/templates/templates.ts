import type { KnownTemplate } from '../../domain/templates/learn-template.js';

/** A template of an account, as it is kept here. */
export interface StoredTemplate extends KnownTemplate {
  readonly id: string;
  readonly accountId: string;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  /** When the provider last confirmed it as a whole. */
  readonly syncedAt: Date | null;
}

export interface TemplateFilter {
  readonly status?: string | undefined;
  /** Part of the name. */
  readonly name?: string | undefined;
  /** Of the account that this number belongs to. */
  readonly phoneNumberId?: string | undefined;
}

/** The tenant's templates. */
export abstract class Templates {
  /** Everything of an account, locked until the transaction ends: whoever learns something at the same time waits here. */
  abstract lock(accountId: string): Promise<StoredTemplate[]>;
  /** @param now when it was changed here */
  abstract save(templates: readonly Omit<StoredTemplate, 'createdAt' | 'updatedAt'>[], now: Date): Promise<void>;
  /** By name and language; `limit` of those after the position. */
  abstract list(
    filter: TemplateFilter,
    limit: number,
    after?: { readonly name: string; readonly id: string },
  ): Promise<StoredTemplate[]>;
  /** All languages of these names, of the account that the number belongs to. */
  abstract ofNumber(phoneNumberId: string, names: readonly string[]): Promise<StoredTemplate[]>;
  /** All languages of these names, of any account. */
  abstract named(names: readonly string[]): Promise<StoredTemplate[]>;
  /** Those of the account that the number belongs to that the provider has approved, by name. */
  abstract approvedFor(phoneNumberId: string): Promise<StoredTemplate[]>;
  abstract acknowledge(ids: readonly string[]): Promise<void>;
  /** The account with the provider's id. */
  abstract accountOf(wabaId: string): Promise<string | undefined>;
}

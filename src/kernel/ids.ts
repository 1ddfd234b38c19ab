import { v7 as uuidv7 } from 'uuid';

/** The id of a merchant, a UUID. Every row, job and event belongs to exactly one. */
export type TenantId = string & { readonly __brand: 'TenantId' };

/** What belongs to no merchant (an unrouted webhook, a platform operator's action) belongs to the platform: the nil UUID. */
export const PLATFORM = '00000000-0000-0000-0000-000000000000' as TenantId;

export function tenantId(value: string): TenantId {
  return value as TenantId;
}

/** A UUIDv7: unique, and ordered by the time of its making, so that new rows stand together in an index. */
export function newId(): string {
  return uuidv7();
}

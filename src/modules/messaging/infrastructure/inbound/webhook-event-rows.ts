import { newId, PLATFORM, type TenantId } from '../../../../kernel/ids.js';
import type { SqlExecutor } from '../../../../platform/database/pools.js';
import type { WebhookEventState, WebhookItem } from '../../domain/webhook-event.js';

/** An item with the tenant that it belongs to, and what is to become of it. */
export interface RoutedItem {
  readonly item: WebhookItem;
  readonly tenantId: TenantId;
  readonly state: WebhookEventState;
  readonly reason?: string;
  readonly inboxId: string;
  readonly receivedAt: Date;
}

/** A lane that an inserted event made due. */
export interface StoredPending {
  readonly kind: 'message' | 'status' | 'change';
  readonly tenantId: TenantId;
  /** The lane's key. */
  readonly key: string;
}

/**
 * Stores items as events, in their order; one that is known already (by tenant and natural key) is left as it is, so redelivered
 * webhooks change nothing (F12). @returns the lanes of what is new and pending, each once
 */
export async function insertEvents(sql: SqlExecutor, items: readonly RoutedItem[]): Promise<StoredPending[]> {
  if (items.length === 0) return [];
  const column = (value: (routed: RoutedItem) => unknown): unknown[] => items.map(value);
  const rows = await sql.query<{ tenant_id: string; kind: StoredPending['kind']; key: string }>(
    `with inserted as (
       insert into webhook_event (tenant_id, id, inbox_id, kind, field, waba_id, phone_number_id, natural_key, subject,
                                  provider_at, payload, state, reason, next_at, received_at, processed_at)
       select tenant_id, id, inbox_id, kind, field, waba_id, phone_number_id, natural_key, subject,
              coalesce(provider_at, received_at), payload, state, reason, clock.now, received_at, case when state = 'processed' then clock.now end
       from unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[],
                   $10::timestamptz[], $11::jsonb[], $12::text[], $13::text[], $14::timestamptz[])
         with ordinality as item (tenant_id, id, inbox_id, kind, field, waba_id, phone_number_id, natural_key, subject,
                                  provider_at, payload, state, reason, received_at, n),
         (select business_now() as now) as clock
       order by n
       on conflict (tenant_id, natural_key) do nothing
       returning tenant_id, kind, state, case kind when 'status' then phone_number_id else subject end as key)
     select distinct tenant_id, kind, key from inserted where state = 'pending'`,
    [
      column(({ tenantId }) => tenantId),
      column(() => newId()),
      column(({ inboxId }) => inboxId),
      column(({ item }) => item.kind),
      column(({ item }) => item.field),
      column(({ item }) => item.wabaId ?? null),
      column(({ item }) => item.phoneNumberId ?? null),
      column(({ item }) => item.naturalKey),
      column(({ item }) => item.subject ?? null),
      column(({ item }) => item.providerAt?.toISOString() ?? null),
      column(({ item }) => item.payload),
      column(({ state }) => state),
      column(({ reason }) => reason ?? null),
      column(({ receivedAt }) => receivedAt.toISOString()),
    ],
  );
  return rows.map((row) => ({ kind: row.kind, tenantId: row.tenant_id as TenantId, key: row.key }));
}

/** The item as it is kept when the database refuses what it holds. */
export function refused(routed: RoutedItem, error: unknown): RoutedItem {
  const { item } = routed;
  const reason = `cannot be stored: ${error instanceof Error ? error.message : String(error)}`;
  const { subject: _, providerAt: __, ...rest } = item;
  return { ...routed, item: { ...rest, payload: '{}' }, state: 'quarantined', reason };
}

/**
 * Decides whose an item is and what becomes of it: the number decides, else the account (S2.107, C15). What belongs to no tenant is the
 * platform's; a suspended tenant's is kept under its own name, without effect (F22).
 */
export function route(
  item: WebhookItem,
  found: {
    numbers: ReadonlyMap<string, TenantId>;
    accounts: ReadonlyMap<string, TenantId>;
    suspended: ReadonlySet<string>;
  },
): Pick<RoutedItem, 'tenantId' | 'state' | 'reason'> {
  const { phoneNumberId, wabaId, kind, subject } = item;
  const tenantId = phoneNumberId === undefined ? found.accounts.get(wabaId ?? '') : found.numbers.get(phoneNumberId);
  if (item.fault !== undefined) return { tenantId: tenantId ?? PLATFORM, state: 'quarantined', reason: item.fault };
  if (tenantId === undefined)
    return {
      tenantId: PLATFORM,
      state: 'unrouted',
      reason: phoneNumberId === undefined ? 'no tenant has this account' : 'no tenant has this phone number',
    };
  if (found.suspended.has(tenantId)) return { tenantId, state: 'unrouted', reason: 'the tenant is suspended' };
  // A change that nobody acts upon has no lane: it is kept as the provider told it.
  return { tenantId, state: kind === 'change' && subject === undefined ? 'processed' : 'pending' };
}

import { Injectable } from '@nestjs/common';
import { TenantScope } from '../../../../platform/database/tenant-scope.js';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';
import type { ReportedMessage } from '../../application/outbound/message-watcher.js';
import { isObject, textOf } from '../../domain/billing/charge.js';
import type { StatusEntry } from '../../domain/message-status.js';

interface Told {
  readonly conversationId: string;
  readonly messageId: string;
  readonly phoneNumberId: string;
  readonly category: string | null;
  readonly model: string | null;
  readonly billable: boolean | null;
  readonly at: string;
  readonly expiresAt: string | null;
  readonly conversation: string;
  readonly pricing: string | null;
}

/** Seconds that a `timestamptz` holds, with room to spare. */
const LATEST_S = 10_000_000_000;

/** Keeps the conversations that the provider bills or counts, as its statuses name them (S4.3, S4.7, S4.13, C33). */
@Injectable()
export class BilledConversations {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly scope: TenantScope,
  ) {}

  /** In the open transaction; what is known already is not written again. */
  async keep(messages: readonly ReportedMessage[]): Promise<void> {
    const told = messages.flatMap(({ messageId, phoneNumberId, entries }) =>
      entries.flatMap((entry) => conversationIn(entry, messageId, phoneNumberId)),
    );
    if (told.length === 0) return;
    const column = (value: (one: Told) => unknown): unknown[] => told.map(value);
    await this.unitOfWork.sql.query(KEEP, [
      this.scope.tenantId,
      column(({ conversationId }) => conversationId),
      column(({ messageId }) => messageId),
      column(({ phoneNumberId }) => phoneNumberId),
      column(({ category }) => category),
      column(({ model }) => model),
      column(({ billable }) => billable),
      column(({ at }) => at),
      column(({ expiresAt }) => expiresAt),
      column(({ conversation }) => conversation),
      column(({ pricing }) => pricing),
    ]);
  }
}

function conversationIn({ at, conversation, pricing }: StatusEntry, messageId: string, phoneNumberId: string): Told[] {
  if (!isObject(conversation)) return [];
  const conversationId = textOf(conversation['id']);
  if (conversationId === null) return [];
  const origin = isObject(conversation['origin']) ? conversation['origin'] : {};
  const price = isObject(pricing) ? pricing : {};
  const expires = Number(conversation['expiration_timestamp']);
  return [
    {
      conversationId,
      messageId,
      phoneNumberId,
      category: (textOf(origin['type']) ?? textOf(price['category']))?.toLowerCase() ?? null,
      model: textOf(price['pricing_model']),
      billable: typeof price['billable'] === 'boolean' ? price['billable'] : null,
      at,
      expiresAt: expires > 0 && expires < LATEST_S ? new Date(expires * 1000).toISOString() : null,
      conversation: JSON.stringify(conversation),
      pricing: isObject(pricing) ? JSON.stringify(pricing) : null,
    },
  ];
}

/** Members of both objects; of two values of one member always the same, whichever came first. */
const union = (one: string, other: string): string =>
  `(select jsonb_object_agg(key, value) from (select distinct on (key) key, value
     from (select * from jsonb_each(${one}) union all select * from jsonb_each(${other})) both_of_them order by key, value desc) one_of_each)`;

// Each column is made of the set of what was told: least, greatest, or. A category of the sent status may be missing in the next.
const KEEP = `
  insert into billing_conversation as kept (tenant_id, conversation_id, phone_number_id, thread_id, category, pricing_model, billable, first_seen_at, expires_at, conversation, pricing)
  select $1::uuid, t.conversation_id, min(t.phone_number_id), (array_agg(m.thread_id order by m.thread_id))[1], coalesce(min(t.category), 'unknown'), min(t.model), bool_or(t.billable),
    min(t.at), max(t.expires_at),
    (select jsonb_object_agg(key, value) from (select distinct on (key) key, value
       from unnest(array_agg(t.conversation)) each_told, jsonb_each(each_told) order by key, value desc) one_of_each),
    (select jsonb_object_agg(key, value) from (select distinct on (key) key, value
       from unnest(array_agg(t.pricing)) each_told, jsonb_each(each_told) order by key, value desc) one_of_each)
  from unnest($2::text[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::boolean[], $8::timestamptz[], $9::timestamptz[], $10::jsonb[], $11::jsonb[])
    as t (conversation_id, message_id, phone_number_id, category, model, billable, at, expires_at, conversation, pricing)
  join message m on m.tenant_id = $1::uuid and m.id = t.message_id and m.id = any($3::uuid[]) and m.origin = 'api'
  group by t.conversation_id order by t.conversation_id
  on conflict (tenant_id, conversation_id) do update set
    thread_id = coalesce(least(kept.thread_id, excluded.thread_id), kept.thread_id),
    category = case when kept.category = 'unknown' then excluded.category when excluded.category = 'unknown' then kept.category else least(kept.category, excluded.category) end,
    pricing_model = least(kept.pricing_model, excluded.pricing_model),
    billable = case when kept.billable or excluded.billable then true else coalesce(kept.billable, excluded.billable) end,
    first_seen_at = least(kept.first_seen_at, excluded.first_seen_at),
    expires_at = greatest(kept.expires_at, excluded.expires_at),
    conversation = ${union('kept.conversation', 'excluded.conversation')},
    pricing = ${union("coalesce(kept.pricing, '{}')", "coalesce(excluded.pricing, '{}')")}
  where kept.first_seen_at > excluded.first_seen_at or kept.expires_at is distinct from greatest(kept.expires_at, excluded.expires_at)
    or not kept.conversation @> excluded.conversation or not coalesce(kept.pricing, '{}') @> coalesce(excluded.pricing, '{}')`;

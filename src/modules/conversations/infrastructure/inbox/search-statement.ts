import type { InboxAccess } from '../../../../kernel/inbox-access.js';
import { seenThreads } from '../../../../platform/auth/index.js';
import { containing, digitsIn } from '../../domain/inbox/search-words.js';
import type { Parameters } from './parameters.js';

/** Of more hits of a kind the newest are looked at. */
const NEWEST_HITS = 1000;

/**
 * Conversations whose customer or messages contain the words, newest activity first, each once with its best hit: who it is before what was
 * said. ILIKE on plain columns, so that the trigram indexes serve under row security (docs/decisions/0005).
 */
export function searchStatement(
  access: InboxAccess,
  words: string,
  numbers: readonly string[] | undefined,
  conditions: readonly string[],
  limit: number,
  given: Parameters,
): string {
  const pattern = given.add(containing(words), 'text');
  const digits = digitsIn(words);
  const identities = [
    `i.kind = 'username' and i.value ilike ${pattern}`,
    ...(digits === undefined ? [] : [`i.kind = 'phone' and i.value ilike ${given.add(containing(digits), 'text')}`]),
  ];
  const contacts = [
    `(select c.id as contact_id, 1 as rank, 'name' as field, c.name as excerpt from contact c
      where c.tenant_id = $1::uuid and c.merged_into_id is null and c.name is not null and c.name ilike ${pattern}
      order by c.last_seen_at desc nulls last limit ${NEWEST_HITS})`,
    `(select c.id, 2, 'profileName', c.profile_name from contact c
      where c.tenant_id = $1::uuid and c.merged_into_id is null and c.profile_name is not null and c.profile_name ilike ${pattern}
      order by c.last_seen_at desc nulls last limit ${NEWEST_HITS})`,
    ...identities.map(
      (condition) => `(select i.contact_id, 3, i.kind, i.value from contact_identity i
      where i.tenant_id = $1::uuid and i.kind in ('phone', 'username') and ${condition} limit ${NEWEST_HITS})`,
    ),
  ];
  const ofNumbers = numbers === undefined ? 'true' : `t.phone_number_id = any(${given.add(numbers, 'text[]')})`;
  const rows = given.add(limit, 'int');
  const seen = seenThreads(access, 't', given.next);
  given.values.push(...seen.parameters);
  return `
    with people as materialized (${contacts.join(' union all ')}),
    said as materialized (
      select m.thread_id, m.id as message_id, m.said, m.seq from message m
      where m.tenant_id = $1::uuid and m.said is not null and m.said ilike ${pattern} and m.thread_id is not null
      order by m.seq desc limit ${NEWEST_HITS}),
    hits as (
      select t.id, p.rank, p.field, p.excerpt, null::uuid as message_id, null::bigint as seq
      from people p join thread t on t.tenant_id = $1::uuid and t.contact_id = p.contact_id
      union all
      select coalesce(t.merged_into_id, t.id), 9, 'message', s.said, s.message_id, s.seq
      from said s join thread t on t.tenant_id = $1::uuid and t.id = s.thread_id),
    best as (select distinct on (id) * from hits order by id, rank, seq desc nulls last)
    select t.id, t.last_message_at as "lastMessageAt",
      jsonb_strip_nulls(jsonb_build_object('field', b.field, 'messageId', b.message_id, 'excerpt', b.excerpt)) as match
    from best b join thread t on t.tenant_id = $1::uuid and t.id = b.id
    where ${[...conditions, ofNumbers, seen.sql].join(' and ')}
    order by t.last_message_at desc, t.id desc limit ${rows}`;
}

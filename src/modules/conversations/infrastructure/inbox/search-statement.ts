import { seenThreads } from '../../../../platform/auth/index.js';
import { shownMessages } from '../../../messaging/index.js';
import { containing, digitsIn } from '../../domain/inbox/search-words.js';
import type { Parameters } from './parameters.js';
import { BY_KEY, conditionsOf, NEWEST_FIRST, statusesOf, walk, type Wanted } from './walks.js';

/** What more customers, or more messages, contain than this is common: it is not read as a whole. */
export const COMMON = 1000;
/** What is common is looked for in so many conversations of the list, and in so many of the latest messages of each. */
const CONVERSATIONS_READ = 500;
const MESSAGES_READ = 100;

/** A customer who is called so. */
export interface PersonHit {
  readonly contactId: string;
  /** 1 is best. */
  readonly rank: number;
  readonly field: string;
  readonly excerpt: string;
}

/** Everybody who is called so, and every message that says so; undefined: too many. */
export interface Hits {
  readonly people: readonly PersonHit[] | undefined;
  readonly messageIds: readonly string[] | undefined;
}

/** @returns a select of `PersonHit`s, by the trigram indexes: ILIKE on plain columns, so that they serve under row security (docs/decisions/0005) */
export function peopleStatement(words: string, given: Parameters): string {
  const pattern = given.add(containing(words), 'text');
  const name = (rank: number, field: string, column: string): string =>
    `select c.id as "contactId", ${rank} as rank, '${field}' as field, c.${column} as excerpt from contact c
     where c.tenant_id = $1::uuid and c.merged_into_id is null and c.${column} is not null and c.${column} ilike ${pattern}`;
  return [
    name(1, 'name', 'name'),
    name(2, 'profileName', 'profile_name'),
    ...identities(words, pattern, given).map(
      (condition) => `select i.contact_id, 3, i.kind, i.value from contact_identity i
        where i.tenant_id = $1::uuid and i.kind in ('phone', 'username') and ${condition}`,
    ),
  ].join(' union all ');
}

/** @returns a select of the `id`s of messages, by the trigram index of what was said */
export function messagesStatement(words: string, given: Parameters): string {
  return `select m.id from message m
    where m.tenant_id = $1::uuid and length(m.said) > 2 and m.said ilike ${given.add(containing(words), 'text')} and m.thread_id is not null
    and ${shownMessages('m')}`;
}

/**
 * Conversations whose customer or messages contain the words, newest activity first, each once with its best hit: who it is before what was
 * said. What is common is met soon on a walk along the list, which is given up after a while.
 */
export function searchStatement(wanted: Wanted, words: string, hits: Hits, limit: number, given: Parameters): string {
  const { people, messageIds } = hits;
  const sources: string[] = [];
  if (people !== undefined)
    sources.push(`
      select t.id, p.rank, p.field, p.excerpt, null::uuid, null::bigint
      from unnest(${given.add(
        people.map(({ contactId }) => contactId),
        'uuid[]',
      )}, ${given.add(
        people.map(({ rank }) => rank),
        'int[]',
      )},
        ${given.add(
          people.map(({ field }) => field),
          'text[]',
        )}, ${given.add(
          people.map(({ excerpt }) => excerpt),
          'text[]',
        )})
        as p (contact_id, rank, field, excerpt)
      cross join lateral (select t.id from thread t where t.tenant_id = $1::uuid and t.contact_id = p.contact_id ${BY_KEY}) t`);
  if (messageIds !== undefined)
    sources.push(`
      select h.*
      from unnest(${given.add(messageIds, 'uuid[]')}) as found (id) cross join lateral (
        select coalesce(t.merged_into_id, t.id), 9, 'message', m.said, m.id, m.seq
        from message m join thread t on t.tenant_id = m.tenant_id and t.id = m.thread_id
        where m.tenant_id = $1::uuid and m.id = found.id ${BY_KEY}) h`);
  if (people === undefined || messageIds === undefined) sources.push(met(wanted, words, hits, limit, given));
  const conditions = [
    ...conditionsOf(wanted, given),
    `t.status = any(${given.add(statusesOf(wanted.filter), 'text[]')})`,
    ...(wanted.numbers === undefined ? [] : [`t.phone_number_id = any(${given.add(wanted.numbers, 'text[]')})`]),
    given.take(seenThreads(wanted.access, 't', given.next)),
  ];
  return `
    with hits (id, rank, field, excerpt, message_id, seq) as materialized (${sources.join(' union all ')}),
    best as (select distinct on (id) * from hits order by id, rank, seq desc nulls last)
    select t.id, t.last_message_at as "lastMessageAt",
      jsonb_strip_nulls(jsonb_build_object('field', b.field, 'messageId', b.message_id, 'excerpt', b.excerpt)) as match
    from best b cross join lateral (
      select t.id, t.last_message_at from thread t where t.id = b.id and ${conditions.join(' and ')} ${BY_KEY}) t
    ${NEWEST_FIRST} limit ${given.add(limit, 'int')}`;
}

/** The first conversations of the list in which the words are met. */
function met(wanted: Wanted, words: string, hits: Hits, limit: number, given: Parameters): string {
  const pattern = given.add(containing(words), 'text');
  const ofCustomer = (): string => `
    select f.rank, f.field, f.excerpt, null::uuid as message_id, null::bigint as seq
    from contact c cross join lateral (values (1, 'name', c.name), (2, 'profileName', c.profile_name)) f (rank, field, excerpt)
    where c.tenant_id = $1::uuid and c.id = w.contact_id and f.excerpt ilike ${pattern}
    union all
    select 3, i.kind, i.value, null, null from contact_identity i
    where i.tenant_id = $1::uuid and i.contact_id = w.contact_id and (${identities(words, pattern, given).join(' or ')})`;
  const inMessages = (): string => `
    (select 9 as rank, 'message' as field, m.said as excerpt, m.id as message_id, m.seq from (
       select m.said, m.id, m.seq from message m where m.tenant_id = $1::uuid and m.thread_id = w.id and ${shownMessages('m')}
       order by m.seq desc limit ${MESSAGES_READ}) m
     where m.said ilike ${pattern} order by m.seq desc limit 1)`;
  const looked = [...(hits.people ? [] : [ofCustomer()]), ...(hits.messageIds ? [] : [inMessages()])];
  return `
    (select w.id, h.* from (${walk(wanted, CONVERSATIONS_READ, given)}) w
     cross join lateral (select * from (${looked.join(' union all ')}) h order by rank limit 1) h
     order by w.last_message_at desc, w.id desc limit ${given.add(limit, 'int')})`;
}

function identities(words: string, pattern: string, given: Parameters): string[] {
  const digits = digitsIn(words);
  const username = `(i.kind = 'username' and i.value ilike ${pattern})`;
  return digits === undefined
    ? [username]
    : [username, `(i.kind = 'phone' and i.value ilike ${given.add(containing(digits), 'text')})`];
}

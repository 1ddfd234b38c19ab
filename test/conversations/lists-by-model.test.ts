import type { Role } from '../../src/kernel/access.js';
import { newId, type TenantId } from '../../src/kernel/ids.js';
import { InboxAccess } from '../../src/kernel/inbox-access.js';
import type { ConversationFilter } from '../../src/modules/conversations/application/conversations.js';
import { CountConversations } from '../../src/modules/conversations/application/inbox/count-conversations.js';
import { ListConversations } from '../../src/modules/conversations/application/list-conversations.js';
import { Queries } from '../../src/platform/cqrs/commands.js';
import { Inbox } from './inbox.js';

interface Row {
  readonly id: string;
  readonly number: string;
  readonly type: 'owner' | 'guest' | null;
  readonly status: 'active' | 'archived' | 'blocked';
  readonly assigneeId: string | null;
  readonly participantIds: readonly string[];
  readonly labelled: boolean;
  readonly unread: number;
  readonly merged: boolean;
  readonly at: Date;
}

const THREADS = 400;
/** More than a search reads of one kind. */
const COMMON_MESSAGES = 1200;

describe('What is listed, counted and found is what the policy and the filter say (S1.17, S1.18, S1.25-S1.31, S1.73, S1.75)', () => {
  let inbox: Inbox;
  let tenantId: TenantId;
  const [north, south, label, me, other] = [1, 2, 3, 4, 5].map((n) => `0190a000-0000-7000-8000-00000000000${n}`) as [
    string,
    string,
    string,
    string,
    string,
  ];
  const areas: Readonly<Record<string, string | null>> = { '1': north, '2': south, '3': null, '4': null };
  const rows: Row[] = [];
  let callers: readonly (readonly [string, InboxAccess])[] = [];

  beforeAll(async () => {
    inbox = await Inbox.open();
    ({ tenantId } = await inbox.merchant());
    // Every combination comes up; which thread has which is the same in each run.
    const pick = <T>(n: number, salt: number, of: readonly T[]): T =>
      of[((Math.imul(n + 1, 2654435761) ^ Math.imul(salt, 40503)) >>> 9) % of.length]!;
    for (let n = 0; n < THREADS; n++)
      rows.push({
        id: newId(),
        number: pick(n, 1, ['1', '1', '2', '3', '4']),
        type: pick(n, 2, ['owner', 'guest', null]),
        status: pick(n, 3, ['active', 'active', 'active', 'archived', 'blocked']),
        assigneeId: pick(n, 4, [null, me, other]),
        participantIds: pick(n, 5, [[], [], [me], [other], [me, other]]),
        labelled: pick(n, 6, [true, false, false]),
        unread: pick(n, 7, [0, 0, 3]),
        merged: pick(n, 8, [true, ...Array.from({ length: 19 }, () => false)]),
        at: new Date(
          Date.UTC(2026, 0, 1) + pick(n, 9, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]) * 1000 + Math.floor(n / 40) * 10_000,
        ),
      });
    const sql = (text: string, ...parameters: unknown[]): Promise<unknown> =>
      inbox.sql(tenantId, text, [tenantId, ...parameters]);
    for (const [id, name] of [
      [north, 'north'],
      [south, 'south'],
    ] as const)
      await sql('insert into area (tenant_id, id, name, created_at) values ($1::uuid, $2::uuid, $3, now())', id, name);
    await sql(
      `insert into whatsapp_account (tenant_id, id, waba_id, status, setup_status, connected_at, updated_at)
       values ($1::uuid, $2::uuid, '1', 'connected', 'complete', now(), now())`,
      north,
    );
    // The fourth number is not connected any more.
    await sql(
      `insert into phone_number (tenant_id, phone_number_id, account_id, display_phone_number, area_id, created_at, updated_at)
       select $1::uuid, n, $2::uuid, '+91' || n, a, now(), now() from unnest($3::text[], $4::uuid[]) as p (n, a)`,
      north,
      ['1', '2', '3'],
      [north, south, null],
    );
    await sql(
      `insert into contact (tenant_id, id, name, last_seen_at, created_at, updated_at)
       select $1::uuid, id, case when n % 7 = 0 then 'Asha ' || n else 'Person ' || n end, now(), now(), now() from unnest($2::uuid[]) with ordinality as c (id, n)`,
      rows.map(({ id }) => id),
    );
    await sql(
      `insert into thread (tenant_id, id, phone_number_id, contact_id, assignee_id, type, status, unread_count, last_message_at, last_message_direction, last_message_preview, merged_into_id, created_at, updated_at)
       select $1::uuid, id, number, id, assignee, type, status, unread, at, 'INBOUND', '', merged, now(), now()
       from unnest($2::uuid[], $3::text[], $4::uuid[], $5::text[], $6::text[], $7::int[], $8::timestamptz[], $9::uuid[])
         as t (id, number, assignee, type, status, unread, at, merged)`,
      rows.map(({ id }) => id),
      rows.map(({ number }) => number),
      rows.map(({ assigneeId }) => assigneeId),
      rows.map(({ type }) => type),
      rows.map(({ status }) => status),
      rows.map(({ unread }) => unread),
      rows.map(({ at }) => at.toISOString()),
      rows.map(({ merged }) => (merged ? rows.find((row) => !row.merged)!.id : null)),
    );
    for (const userId of [me, other])
      await sql(
        `insert into thread_participant (tenant_id, thread_id, user_id, added_at) select $1::uuid, id, $2::uuid, now() from unnest($3::uuid[]) as t (id)`,
        userId,
        rows.filter(({ participantIds }) => participantIds.includes(userId)).map(({ id }) => id),
      );
    await sql(
      `insert into label (tenant_id, id, name, color, created_at) values ($1::uuid, $2::uuid, 'l', '#000000', now())`,
      label,
    );
    await sql(
      `insert into thread_label (tenant_id, thread_id, label_id) select $1::uuid, id, $2::uuid from unnest($3::uuid[]) as t (id)`,
      label,
      rows.filter(({ labelled }) => labelled).map(({ id }) => id),
    );
    // Every third conversation is about an invoice; a few are about a refund.
    const about = rows.filter((_, n) => n % 3 === 0);
    const per = Math.ceil(COMMON_MESSAGES / about.length);
    await sql(
      `insert into message (tenant_id, id, phone_number_id, direction, address_kind, address, thread_id, type, content, state, next_at, created_at, updated_at)
       select $1::uuid, gen_random_uuid(), number, 'INBOUND', 'phone', '91', id, 'text',
         jsonb_build_object('type', 'text', 'text', 'invoice ' || k || case when k = 1 and n % 10 = 0 then ' refund' else '' end), 'received', now(), now(), now()
       from unnest($2::uuid[], $3::text[]) with ordinality as t (id, number, n) cross join generate_series(1, $4::int) k`,
      about.map(({ id }) => id),
      about.map(({ number }) => number),
      per,
    );
    const of = (role: Role, userId: string, seen: 'all' | readonly string[], salesAssignedOnly = false): InboxAccess =>
      InboxAccess.of({ role, userId, areas: seen, salesAssignedOnly });
    callers = [
      ['ADMIN', of('ADMIN', me, [])],
      ['a program', InboxAccess.of({ areas: 'all' })],
      ['SALES of the north', of('SALES', me, [north])],
      ['LEAD_GEN of both', of('LEAD_GEN', other, [north, south])],
      ['SALES of the north, own alone', of('SALES', me, [north], true)],
      ['SALES of both, own alone', of('SALES', other, [north, south], true)],
      ['SALES of nowhere', of('SALES', me, [])],
    ];
  });
  afterAll(() => inbox.close());

  const seen = (access: InboxAccess): Row[] =>
    rows.filter((row) => !row.merged && access.sees({ ...row, areaId: areas[row.number]! }));
  const inOrder = (list: readonly Row[]): string[] =>
    [...list].sort((a, b) => b.at.getTime() - a.at.getTime() || (a.id < b.id ? 1 : -1)).map(({ id }) => id);
  const listed = async (access: InboxAccess, filter: ConversationFilter, limit: number): Promise<string[]> =>
    inbox.in(tenantId, async () => {
      const found: string[] = [];
      for (let cursor: string | undefined; ;) {
        const page = await inbox.get(Queries).execute(new ListConversations(access, filter, limit, cursor));
        found.push(...page.data.map(({ id }) => id));
        if (page.nextCursor === null) return found;
        cursor = page.nextCursor;
      }
    });
  const fits = (
    row: Row,
    { type, status = 'active', assigneeId, unread, labelId, phoneNumberId }: ConversationFilter,
  ): boolean =>
    (type === undefined || (row.type === 'owner') === (type === 'owner')) &&
    (status === 'all' || row.status === status) &&
    (assigneeId === undefined || row.assigneeId === assigneeId) &&
    (unread === undefined || row.unread > 0 === unread) &&
    (labelId === undefined || row.labelled) &&
    (phoneNumberId === undefined || row.number === phoneNumberId);

  const FILTERS: readonly ConversationFilter[] = [
    {},
    { status: 'all' },
    { status: 'archived' },
    { status: 'blocked', type: 'guest' },
    { type: 'owner' },
    { type: 'guest' },
    { type: 'owner', status: 'all', unread: true },
    { unread: true },
    { unread: false },
    { unread: true, status: 'all', assigneeId: me },
    { assigneeId: me },
    { assigneeId: other, status: 'all' },
    { assigneeId: null },
    { assigneeId: null, status: 'all', unread: true },
    { labelId: label },
    { labelId: label, assigneeId: null, type: 'guest' },
    { phoneNumberId: '1' },
    { phoneNumberId: '2', unread: true },
    { phoneNumberId: '3' },
    { phoneNumberId: '4', status: 'all' },
  ];

  it.each(FILTERS)('listed by %j, page by page', async (filter) => {
    for (const [name, access] of callers) {
      const expected = inOrder(seen(access).filter((row) => fits(row, filter)));
      expect([name, await listed(access, filter, 7)]).toEqual([name, expected]);
    }
  });

  it('counted', async () => {
    for (const [name, access] of callers)
      for (const phoneNumberId of [undefined, '1', '3', '4', '5']) {
        const of = seen(access).filter((row) => fits(row, { status: 'all', phoneNumberId }));
        const active = of.filter(({ status }) => status === 'active');
        const count = (fit: (row: Row) => boolean): number => active.filter(fit).length;
        const counts = await inbox.in(tenantId, () =>
          inbox.get(Queries).execute(new CountConversations(access, phoneNumberId)),
        );
        expect([name, phoneNumberId, counts]).toEqual([
          name,
          phoneNumberId,
          {
            total: active.length,
            owner: count(({ type }) => type === 'owner'),
            guest: count(({ type }) => type !== 'owner'),
            unread: count(({ unread }) => unread > 0),
            assignedToMe: count(({ assigneeId }) => assigneeId !== null && assigneeId === access.userId),
            unassigned: count(({ assigneeId }) => assigneeId === null),
            archived: of.filter(({ status }) => status === 'archived').length,
            blocked: of.filter(({ status }) => status === 'blocked').length,
          },
        ]);
      }
  });

  it.each([
    ['what many messages contain', 'invoice', (n: number) => n % 3 === 0],
    ['what few messages contain', 'refund', (n: number) => n % 3 === 0 && (n / 3 + 1) % 10 === 0],
    ['what customers are called', 'asha', (n: number) => (n + 1) % 7 === 0],
    ['what nobody said', 'nowhere', () => false],
  ] as const)('found by %s, page by page', async (_, q, contains) => {
    for (const [name, access] of callers)
      for (const filter of [
        {},
        { status: 'all' },
        { unread: true },
        { assigneeId: null },
        { phoneNumberId: '1' },
      ] as const) {
        const expected = inOrder(seen(access).filter((row) => fits(row, filter) && contains(rows.indexOf(row))));
        expect([name, filter, await listed(access, { ...filter, q }, 11)]).toEqual([name, filter, expected]);
      }
  });

  it('not found by the name of the template that was sent: nobody said it', async () => {
    const [row] = seen(callers[0]![1]);
    await inbox.sql(
      tenantId,
      `insert into message (tenant_id, id, phone_number_id, direction, address_kind, address, thread_id, type, content, state, next_at, created_at, updated_at)
       select $1::uuid, gen_random_uuid(), $3, 'OUTBOUND', 'phone', '91', $2::uuid, content ->> 'type', content, 'sent', now(), now(), now()
       from jsonb_array_elements('[{"type": "template", "name": "payment_reminder", "language": "en"}, {"type": "location", "name": "Payment office"}]') content`,
      [tenantId, row!.id, row!.number],
    );
    expect(await listed(callers[0]![1], { q: 'payment', status: 'all' }, 5)).toEqual([row!.id]);
    expect(await listed(callers[0]![1], { q: 'payment_rem', status: 'all' }, 5)).toEqual([]);
  });
});

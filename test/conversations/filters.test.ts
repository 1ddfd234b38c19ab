import fc from 'fast-check';
import { Inbox } from './inbox.js';
import { plantMerchant, type PolicyCaller, type PolicyMerchant } from './policy-cases.js';

interface Listed {
  readonly id: string;
  readonly phoneNumberId: string;
  readonly type: 'owner' | 'guest' | null;
  readonly status: string;
  readonly unreadCount: number;
  readonly assignee: { readonly id: string } | null;
  readonly labels: readonly { readonly id: string }[];
  readonly contact: { readonly name: string | null };
}
type Counts = Readonly<Record<string, number>>;

interface Filter {
  readonly type: 'owner' | 'guest' | undefined;
  readonly status: 'active' | 'archived' | 'blocked' | 'all' | undefined;
  readonly assignee: 'me' | 'none' | 'LEAD_GEN' | undefined;
  readonly label: 0 | 1 | undefined;
  readonly unread: boolean | undefined;
  readonly number: 0 | 1 | 3 | undefined;
  readonly q: 'zebra' | 'name zebra1x1' | undefined;
}

const some = <T>(...values: T[]): fc.Arbitrary<T | undefined> => fc.constantFrom(undefined, ...values);
const FILTER: fc.Arbitrary<Filter> = fc.record({
  type: some('owner', 'guest'),
  status: some('active', 'archived', 'blocked', 'all'),
  assignee: some('me', 'none', 'LEAD_GEN'),
  label: some(0, 1),
  unread: some(true, false),
  number: some(0, 1, 3),
  q: some('zebra', 'name zebra1x1'),
});

describe('Filters of the list narrow each other down, for whoever asks (S1.17, S1.30, S1.33, S1.73)', () => {
  let inbox: Inbox;
  let shop: PolicyMerchant;
  const labels: string[] = [];
  let all: readonly Listed[];

  beforeAll(async () => {
    inbox = await Inbox.open();
    shop = await plantMerchant(inbox, 1);
    for (const name of ['VIP', 'Late'])
      labels.push((await inbox.call<{ id: string }>('POST', '/v1/labels', key(), { name, color: '#123456' })).body.id);
    for (const [n, { id }] of shop.threads.entries()) {
      inbox.clock.advance(1000);
      const type = (['owner', 'guest', undefined] as const)[n % 3];
      const status = n % 5 === 0 ? 'archived' : n % 7 === 0 ? 'blocked' : 'active';
      const changed = await inbox.call('PATCH', `/v1/conversations/${id}`, key(), { status, ...(type && { type }) });
      expect(changed.status).toBe(200);
      for (const [at, label] of labels.entries())
        if (n % (at + 2) === 0) await inbox.call('PUT', `/v1/conversations/${id}/labels/${label}`, key());
      if (n % 4 === 1) await inbox.call('POST', `/v1/conversations/${id}/read`, key());
    }
    all = (await list(caller('API_KEY'), 'status=all')) ?? [];
    expect(all).toHaveLength(shop.threads.length);
  });
  afterAll(() => inbox.close());

  const caller = (name: string): PolicyCaller => shop.callers.find((one) => one.name === name)!;
  const key = (): string => caller('API_KEY').token;
  const list = async ({ token }: PolicyCaller, query: string): Promise<readonly Listed[]> => {
    inbox.clock.advance(100);
    const { status, body } = await inbox.call<{ data: Listed[] }>('GET', `/v1/conversations?limit=100&${query}`, token);
    expect({ query, status }).toEqual({ query, status: 200 });
    return body.data;
  };
  const queryOf = ({ type, status, assignee, label, unread, number, q }: Filter): string => {
    const given = {
      type,
      status,
      assignee: assignee === 'LEAD_GEN' ? caller('LEAD_GEN').userId : assignee,
      label: label === undefined ? undefined : labels[label],
      unread: unread === undefined ? undefined : String(unread),
      phoneNumberId: number === undefined ? undefined : shop.numbers[number]!.phoneNumberId,
      q,
    };
    const entries = Object.entries(given).filter((entry): entry is [string, string] => entry[1] !== undefined);
    return new URLSearchParams(entries).toString();
  };
  /** What the same conversation would be kept or left out by. */
  const fits = (filter: Filter, who: PolicyCaller, one: Listed): boolean => {
    const { type, status = 'active', assignee, label, unread, number, q } = filter;
    const assigneeId = one.assignee?.id ?? null;
    return [
      who.access(false).sees(shop.threads.find(({ id }) => id === one.id)!),
      type === undefined || (one.type ?? 'guest') === type,
      status === 'all' || one.status === status,
      assignee === undefined ||
        assigneeId === { me: who.userId, none: null, LEAD_GEN: caller('LEAD_GEN').userId }[assignee],
      label === undefined || one.labels.some(({ id }) => id === labels[label]),
      unread === undefined || one.unreadCount > 0 === unread,
      number === undefined || one.phoneNumberId === shop.numbers[number]!.phoneNumberId,
      q === undefined || one.contact.name!.toLowerCase().includes(q),
    ].every(Boolean);
  };

  it.each(['API_KEY', 'ADMIN', 'SALES_TEAM_LEAD', 'SALES', 'LEAD_GEN'])('%s', async (name) => {
    const who = caller(name);
    await fc.assert(
      fc.asyncProperty(FILTER, async (filter) => {
        const expected = all.filter((one) => fits(filter, who, one)).map(({ id }) => id);
        expect((await list(who, queryOf(filter))).map(({ id }) => id)).toEqual(expected);
      }),
      { numRuns: 60 },
    );
  });

  it.each(['API_KEY', 'SALES_TEAM_LEAD', 'SALES'])(
    'and the tabs count what the list of %s holds (S1.18, S1.75)',
    async (name) => {
      const who = caller(name);
      const count = async (query: string): Promise<number> => (await list(who, query)).length;
      for (const number of ['', `&phoneNumberId=${shop.numbers[0]!.phoneNumberId}`]) {
        const { body } = await inbox.call<Counts>('GET', `/v1/conversations/counts?${number.slice(1)}`, who.token);
        expect(body).toEqual({
          total: await count(number),
          owner: await count(`type=owner${number}`),
          guest: await count(`type=guest${number}`),
          unread: await count(`unread=true${number}`),
          assignedToMe: await count(`assignee=me${number}`),
          unassigned: await count(`assignee=none${number}`),
          archived: await count(`status=archived${number}`),
          blocked: await count(`status=blocked${number}`),
        });
      }
    },
  );
});

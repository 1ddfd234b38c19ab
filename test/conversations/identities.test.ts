import type { TenantId } from '../../src/kernel/ids.js';
import { FindContact } from '../../src/modules/customers/index.js';
import { Queries } from '../../src/platform/cqrs/commands.js';
import type { InboundMessage } from '../../src/modules/messaging/index.js';
import { ClearExpiredSessions } from '../../src/modules/conversations/infrastructure/clear-expired-sessions.js';
import { Inbox } from './inbox.js';

interface ThreadRow {
  id: string;
  contact_id: string;
  unread_count: number;
  merged_into_id: string | null;
}

describe('The people behind the messages (F1, F15, D11)', () => {
  let inbox: Inbox;
  let tenant: TenantId;

  const count = async (table: 'contact' | 'thread' | 'session'): Promise<number> =>
    (await inbox.sql<{ n: number }>(tenant, `select count(*)::int as n from ${table}`))[0]!.n;
  const threads = (): Promise<ThreadRow[]> =>
    inbox.sql<ThreadRow>(tenant, 'select id, contact_id, unread_count, merged_into_id from thread order by id');
  const arriveAtOnce = (messages: InboundMessage[]): Promise<string[]> =>
    Promise.all(messages.map((message) => inbox.arrive(tenant, message)));

  beforeAll(async () => {
    inbox = await Inbox.open();
  });
  afterAll(() => inbox.close());
  beforeEach(() => void (tenant = inbox.newTenant()));

  it('ten pictures of a new customer at once make one contact and one thread (F15)', async () => {
    const album = Array.from({ length: 10 }, (_, n) =>
      inbox.message({ waId: '919800000001', userId: 'IN.1' }, { type: 'media', kind: 'image', mediaId: String(n) }),
    );
    const placed = await arriveAtOnce(album);
    expect(new Set(placed).size).toBe(1);
    expect([await count('contact'), await count('thread')]).toEqual([1, 1]);
    expect(await threads()).toMatchObject([{ unread_count: 10 }]);
  });

  it('ten first messages at once that each show another part of who they are make one contact in the end', async () => {
    const shown = [
      { waId: '919800000001' },
      { userId: 'IN.1' },
      { userId: 'IN.1', parentUserId: 'IN.ENT.1' },
      { waId: '919800000001', userId: 'IN.1' },
      { parentUserId: 'IN.ENT.1', username: 'asha' },
    ];
    await arriveAtOnce([...shown, ...shown].map((from) => inbox.message(from, 'good morning')));
    const [, ...others] = await inbox.sql<{ merged_into_id: string | null }>(
      tenant,
      'select merged_into_id from contact order by merged_into_id nulls first',
    );
    expect(others.every(({ merged_into_id }) => merged_into_id !== null)).toBe(true);
    const living = (await threads()).filter(({ merged_into_id }) => merged_into_id === null);
    expect(living).toMatchObject([{ unread_count: 10 }]);
  });

  it('a contact who turns out to be another keeps one thread with the unread of both; reads of the old ids find it', async () => {
    const byNumber = await inbox.arrive(tenant, inbox.message({ waId: '919800000001' }, 'a'));
    const byUserId = await inbox.arrive(tenant, inbox.message({ userId: 'IN.1', profileName: 'Asha' }, 'b'));
    const elsewhere = await inbox.arrive(tenant, inbox.message({ userId: 'IN.1' }, 'c', { phoneNumberId: '2' }));
    const [absorbed] = (await threads()).filter(({ id }) => id === byUserId);
    expect(await inbox.arrive(tenant, inbox.message({ waId: '919800000001', userId: 'IN.1' }, 'd'))).toBe(byNumber);
    const [survivor] = (await threads()).filter(({ id }) => id === byNumber);
    expect(await threads()).toMatchObject([
      { id: byNumber, unread_count: 3, merged_into_id: null },
      { id: byUserId, unread_count: 0, merged_into_id: byNumber },
      { id: elsewhere, unread_count: 1, merged_into_id: null, contact_id: survivor!.contact_id },
    ]);
    const found = await inbox.in(tenant, () => inbox.get(Queries).execute(new FindContact(absorbed!.contact_id)));
    expect(found).toMatchObject({
      id: survivor!.contact_id,
      name: 'Asha',
      identities: [
        { kind: 'bsuid', value: 'IN.1' },
        { kind: 'phone', value: '+919800000001' },
        { kind: 'wa_id', value: '919800000001' },
      ],
    });
    expect(await inbox.sql(tenant, 'select type, payload from outbox_event')).toMatchObject([
      {
        type: 'customers.contacts-merged',
        payload: { survivorId: survivor!.contact_id, absorbedId: absorbed!.contact_id },
      },
    ]);
  });

  it("an announced change of number keeps the thread, opens no window, and the old number's next owner is somebody else", async () => {
    const asha = await inbox.arrive(tenant, inbox.message({ waId: '919800000001' }, 'hi'));
    const change = { type: 'system', event: 'user_changed_number', newWaId: '919800000002', text: 'changed' } as const;
    inbox.clock.advance(60_000);
    expect(await inbox.arrive(tenant, inbox.message({ waId: '919800000001' }, change))).toBe(asha);
    expect(await inbox.sql(tenant, 'select unread_count, last_inbound_at from thread')).toEqual([
      { unread_count: 1, last_inbound_at: new Date(inbox.clock.now().getTime() - 60_000) },
    ]);
    expect(await inbox.arrive(tenant, inbox.message({ waId: '919800000002' }, 'hi'))).toBe(asha);
    expect(await inbox.arrive(tenant, inbox.message({ waId: '919800000001' }, 'hi'))).not.toBe(asha);
  });

  it('a new user id that Meta announces is the same customer', async () => {
    const asha = await inbox.arrive(tenant, inbox.message({ userId: 'IN.1' }, 'hi'));
    const change = { type: 'system', event: 'user_changed_user_id', previousUserId: 'IN.1' } as const;
    expect(await inbox.arrive(tenant, inbox.message({ userId: 'IN.9' }, change))).toBe(asha);
    expect(await inbox.arrive(tenant, inbox.message({ userId: 'IN.9' }, 'hi'))).toBe(asha);
  });

  it('a late message does not bring an old name back', async () => {
    const old = inbox.message({ waId: '919800000001', profileName: 'Before' }, 'a');
    inbox.clock.advance(1000);
    await inbox.arrive(tenant, inbox.message({ waId: '919800000001', profileName: 'After' }, 'b'));
    await inbox.arrive(tenant, old);
    expect(await inbox.sql(tenant, 'select profile_name from contact')).toEqual([{ profile_name: 'After' }]);
  });
});

describe('Sessions that are over (S0.83, S3.53)', () => {
  let inbox: Inbox;
  beforeAll(async () => {
    inbox = await Inbox.open();
  });
  afterAll(() => inbox.close());

  it('are cleared for all tenants, by any number of workers, and no others are', async () => {
    const [stale, fresh] = [inbox.newTenant(), inbox.newTenant()];
    for (const tenant of [stale, fresh]) await inbox.arrive(tenant, inbox.message({ waId: '919800000001' }, 'hi'));
    await inbox.sql(stale, `update session set expires_at = now() - interval '1 second'`);
    await inbox.sql(fresh, `update session set expires_at = now() + interval '1 hour'`);
    const cleared = await Promise.all([1, 2, 3].map(() => inbox.get(ClearExpiredSessions).clear()));
    expect(cleared.reduce((sum, n) => sum + n, 0)).toBe(1);
    const left = await Promise.all([stale, fresh].map((tenant) => inbox.sql(tenant, 'select thread_id from session')));
    expect(left.map((rows) => rows.length)).toEqual([0, 1]);
  });
});

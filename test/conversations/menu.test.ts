import type { TenantId } from '../../src/kernel/ids.js';
import { Inbox, tap } from './inbox.js';

const WELCOME = 'Welcome to No-Due! Please select an option below:';
const TIMED_OUT = 'Due to inactivity, your session has timed out ⌛. Just type Hi to restart your conversation 👋';
const NO_DUES = 'There are no dues on record for you.';
const ASHA = { waId: '919800000001', userId: 'IN.1', profileName: 'Asha' };
const MINUTE = 60_000;

describe('A customer who writes to a merchant', () => {
  let inbox: Inbox;
  let tenant: TenantId;

  beforeAll(async () => {
    inbox = await Inbox.open();
  });
  afterAll(() => inbox.close());
  beforeEach(() => void (tenant = inbox.newTenant()));

  it.each(['arrive', 'arriveInCommand'] as const)(
    'says hi, gets the menu, taps, gets the answer (S0.65-S0.68, S0.74, S0.75, S0.85; %s)',
    async (arrive) => {
      await inbox[arrive](tenant, inbox.message(ASHA, 'Hi'));
      const [menu] = await inbox.answers(tenant);
      expect(menu).toMatchObject({
        address: '919800000001',
        address_kind: 'phone',
        content: {
          type: 'list',
          body: WELCOME,
          sections: [
            {
              title: 'Available Options',
              rows: [
                { id: 'CHECK_CURRENT_DUE', title: 'Current Due', description: 'View my current outstanding dues' },
              ],
            },
          ],
        },
      });
      inbox.clock.advance(5000);
      await inbox[arrive](tenant, inbox.message(ASHA, '', tap('CHECK_CURRENT_DUE', 'wamid.menu')));
      expect(await inbox.texts(tenant)).toEqual([WELCOME, NO_DUES]);
      const [session] = await inbox.sql<{ state: string }>(tenant, 'select state from session');
      expect(session!.state).toBe('CHECK_CURRENT_DUE');
    },
  );

  it('finds the thread counted, previewed and its window open (S0.88, S1.7, S1.10, S1.90, S2.105)', async () => {
    const hi = inbox.message(ASHA, 'hi');
    await inbox.arrive(tenant, hi);
    const [thread] = await inbox.sql(
      tenant,
      'select unread_count, last_message_direction, last_message_preview, last_inbound_at, last_message_at from thread',
    );
    expect(thread).toEqual({
      unread_count: 1,
      last_message_direction: 'OUTBOUND',
      last_message_preview: WELCOME,
      last_inbound_at: hi.sentAt,
      last_message_at: inbox.clock.now(),
    });
    const [contact] = await inbox.sql(tenant, 'select profile_name, last_seen_at from contact');
    expect(contact).toEqual({ profile_name: 'Asha', last_seen_at: hi.sentAt });
  });

  it("gets the time-out text for a tap after the menu's minute, and the menu again for hi (S0.82, S0.84)", async () => {
    await inbox.arrive(tenant, inbox.message(ASHA, 'hi'));
    inbox.clock.advance(MINUTE);
    await inbox.arrive(tenant, inbox.message(ASHA, '', tap('CHECK_CURRENT_DUE', 'wamid.menu')));
    expect(await inbox.texts(tenant)).toEqual([WELCOME, TIMED_OUT]);
    await inbox.arrive(tenant, inbox.message(ASHA, 'hi'));
    await inbox.arrive(tenant, inbox.message(ASHA, '', tap('CHECK_CURRENT_DUE', 'wamid.menu-2')));
    expect(await inbox.texts(tenant)).toEqual([WELCOME, TIMED_OUT, WELCOME, NO_DUES]);
  });

  it('is not timed out for a tap that was made in time and only arrived late', async () => {
    await inbox.arrive(tenant, inbox.message(ASHA, 'hi'));
    const made = inbox.message(ASHA, '', tap('CHECK_CURRENT_DUE', 'wamid.menu'));
    inbox.clock.advance(10 * MINUTE);
    await inbox.arrive(tenant, made);
    expect(await inbox.texts(tenant)).toEqual([WELCOME, NO_DUES]);
  });

  it('is answered once for the same tap on the same menu (S0.62, C58)', async () => {
    await inbox.arrive(tenant, inbox.message(ASHA, 'hi'));
    for (let n = 0; n < 3; n++)
      await inbox.arrive(tenant, inbox.message(ASHA, '', tap('CHECK_CURRENT_DUE', 'wamid.menu')));
    expect(await inbox.texts(tenant)).toEqual([WELCOME, NO_DUES]);
  });

  it('is told that the menu has timed out, once, for a tap that was answered in time before', async () => {
    await inbox.arrive(tenant, inbox.message(ASHA, 'hi'));
    await inbox.arrive(tenant, inbox.message(ASHA, '', tap('CHECK_CURRENT_DUE', 'wamid.menu')));
    inbox.clock.advance(2 * MINUTE);
    for (let n = 0; n < 2; n++)
      await inbox.arrive(tenant, inbox.message(ASHA, '', tap('CHECK_CURRENT_DUE', 'wamid.menu')));
    expect(await inbox.texts(tenant)).toEqual([WELCOME, NO_DUES, TIMED_OUT]);
  });

  it('is told once how to start when nothing is understood, and not again while the session lasts', async () => {
    for (const text of ['When do you open?', 'are you there', 'please answer'])
      await inbox.arrive(tenant, inbox.message(ASHA, text));
    const hint = 'Thank you, we have received your message. Type Hi to see the menu 👋';
    expect(await inbox.texts(tenant)).toEqual([hint]);
    inbox.clock.advance(25 * 60 * MINUTE);
    await inbox.arrive(tenant, inbox.message(ASHA, 'good morning'));
    expect(await inbox.texts(tenant)).toEqual([hint, hint]);
  });

  it('is not nagged for pictures, places, reactions and taps on what no menu has shown', async () => {
    const bodies = [
      { type: 'media', kind: 'image', mediaId: '1' },
      { type: 'location', latitude: 1, longitude: 2 },
      { type: 'reaction', toWamid: 'wamid.0', emoji: '👍' },
      { type: 'contacts', contacts: [] },
      { type: 'other', providerType: 'unsupported' },
      { type: 'tap', source: 'template', id: 'Yes', title: 'Yes' },
      { type: 'tap', source: 'button', id: 'UNHEARD_OF', title: 'Hm' },
    ] as const;
    for (const body of bodies) {
      await inbox.arrive(tenant, inbox.message(ASHA, body));
      inbox.clock.advance(1000);
    }
    expect(await inbox.texts(tenant)).toEqual([]);
    expect(await inbox.sql(tenant, 'select unread_count from thread')).toEqual([
      // A reaction is shown, and nobody has to read it.
      { unread_count: bodies.length - 1 },
    ]);
  });

  it('sees blue ticks only for what automation has answered (S0.61, C65)', async () => {
    const [hi, picture] = [
      inbox.message(ASHA, 'hi'),
      inbox.message(ASHA, { type: 'media', kind: 'image', mediaId: '1' }),
    ];
    const before = inbox.receipts.length;
    await inbox.arrive(tenant, hi);
    await inbox.arrive(tenant, picture);
    expect(inbox.receipts.slice(before)).toEqual([{ wamid: hi.wamid, show: 'ticks-and-typing' }]);
  });

  it('is answered at the user id when the number is hidden (F1)', async () => {
    await inbox.arrive(tenant, inbox.message({ userId: 'IN.77', username: 'asha' }, 'hi'));
    expect(await inbox.answers(tenant)).toMatchObject([
      { address_kind: 'bsuid', address: 'IN.77', content: { body: WELCOME } },
    ]);
  });

  it('has an answer to a message at most once, even when it is handed over again (S2.68)', async () => {
    const hi = inbox.message(ASHA, 'hi');
    await inbox.arrive(tenant, hi);
    await inbox.sql(tenant, `delete from message where direction = 'INBOUND'`);
    await inbox.arrive(tenant, hi);
    expect(await inbox.answers(tenant)).toMatchObject([{ idempotency_key: `auto-reply:${hi.wamid}:1` }]);
  });

  it('is stored but not answered when the message is too old, and an old message does not move the thread', async () => {
    await inbox.arrive(tenant, inbox.message(ASHA, 'hi'));
    const threadId = await inbox.arrive(
      tenant,
      inbox.message(ASHA, 'hi from last week', {
        mayAnswer: false,
        sentAt: new Date(inbox.clock.now().getTime() - 7 * 86_400_000),
      }),
    );
    expect(await inbox.texts(tenant)).toEqual([WELCOME]);
    expect(
      await inbox.sql(tenant, 'select id, unread_count, last_message_preview, last_inbound_at from thread'),
    ).toEqual([{ id: threadId, unread_count: 2, last_message_preview: WELCOME, last_inbound_at: inbox.clock.now() }]);
  });

  it('is a stranger to another merchant (S0.60, C15, S2.106, F52)', async () => {
    const other = inbox.newTenant();
    await inbox.arrive(tenant, inbox.message(ASHA, 'hi'));
    await inbox.arrive(
      other,
      inbox.message(ASHA, '', { ...tap('CHECK_CURRENT_DUE', 'wamid.menu'), phoneNumberId: '2' }),
    );
    expect(await inbox.texts(tenant)).toEqual([WELCOME]);
    expect(await inbox.texts(other)).toEqual([TIMED_OUT]);
    const ids = await Promise.all(
      [tenant, other].map((each) =>
        inbox.sql<{ id: string }>(each, 'select id from contact union all select id from thread'),
      ),
    );
    expect(new Set(ids.flat().map(({ id }) => id)).size).toBe(4);
  });

  it("is one contact with a thread a number, whichever of the merchant's numbers they write to, and a session a thread (S0.81, C14)", async () => {
    await inbox.arrive(tenant, inbox.message(ASHA, 'hi'));
    await inbox.arrive(tenant, inbox.message(ASHA, 'hi', { phoneNumberId: '2' }));
    expect(
      await inbox.sql(
        tenant,
        'select (select count(*)::int from contact) as contacts, (select count(*)::int from thread) as threads, (select count(*)::int from session) as sessions',
      ),
    ).toEqual([{ contacts: 1, threads: 2, sessions: 2 }]);
  });
});

import { Inbox } from '../conversations/inbox.js';
import { Shop, unknownId } from './books.js';

const STOPPED = 'You will not get reminders from us any more. Write START to get them again.';
const STARTED = 'You will get our reminders again. Write STOP at any time to end them, or Hi to see the menu.';
const WELCOME = 'Welcome to No-Due! Please select an option below:';
const HOUR = 3_600_000;

interface Evidence {
  readonly kind: string;
  readonly source: string;
  readonly wamid: string | null;
  readonly said: string | null;
}

describe('A customer says whether they may be written to (S0.80, D2, D8)', () => {
  let inbox: Inbox;
  let shop: Shop;
  let asha: { id: string; waId: string };

  beforeAll(async () => {
    inbox = await Inbox.open();
  });
  afterAll(() => inbox.close());
  beforeEach(async () => {
    shop = await Shop.open(inbox);
    const { id, phone } = await shop.customer();
    asha = { id, waId: phone!.slice(1) };
  });

  const writes = (text: string, more: object = {}): Promise<string> =>
    inbox.arrive(shop.tenantId, inbox.message({ waId: asha.waId }, text, more));
  const optedOutAt = async (): Promise<unknown> =>
    ((await shop.show(`customers/${asha.id}`)) as unknown as { optedOutAt: string | null }).optedOutAt;
  const evidence = (): Promise<Evidence[]> =>
    shop.sql<Evidence>('select kind, source, wamid, said from consent_event order by id');

  it('STOP opts out, is kept as evidence, announced and confirmed; START takes it back', async () => {
    const stop = inbox.message({ waId: asha.waId }, 'Stop!');
    await inbox.arrive(shop.tenantId, stop);
    expect(await optedOutAt()).toBe(stop.sentAt.toISOString());
    inbox.clock.advance(1000);
    const start = inbox.message({ waId: asha.waId }, 'START');
    await inbox.arrive(shop.tenantId, start);
    expect(await optedOutAt()).toBeNull();
    expect(await inbox.texts(shop.tenantId)).toEqual([STOPPED, STARTED]);
    expect(await evidence()).toEqual([
      { kind: 'opted_out', source: 'message', wamid: stop.wamid, said: 'Stop!' },
      { kind: 'opted_in', source: 'message', wamid: start.wamid, said: 'START' },
    ]);
    const events = await shop.sql<{ type: string }>(
      `select type from outbox_event where type like 'customers.customer-opted%' order by seq`,
    );
    expect(events.map(({ type }) => type)).toEqual(['customers.customer-opted-out', 'customers.customer-opted-in']);
  });

  it('in other languages, answered in Hindi for Hindi words', async () => {
    await writes('बंद करो');
    expect(await optedOutAt()).not.toBeNull();
    expect(await inbox.texts(shop.tenantId)).toEqual([expect.stringContaining('START लिखें')]);
  });

  it('by a tap on a template that offers it', async () => {
    const body = { type: 'tap', source: 'template', id: 'unsubscribe', title: 'No thanks' } as const;
    await inbox.arrive(shop.tenantId, inbox.message({ waId: asha.waId }, body));
    expect(await optedOutAt()).not.toBeNull();
  });

  it('twice changes nothing more, and is confirmed again', async () => {
    await writes('stop');
    const since = await optedOutAt();
    inbox.clock.advance(HOUR);
    await writes('STOP');
    expect(await optedOutAt()).toBe(since);
    expect(await inbox.texts(shop.tenantId)).toEqual([STOPPED, STOPPED]);
    expect(await evidence()).toHaveLength(2);
    expect(await shop.sql(`select id from outbox_event where type = 'customers.customer-opted-out'`)).toHaveLength(1);
  });

  it('START from somebody who had not said STOP asks for the menu, and makes nobody a customer', async () => {
    await writes('start');
    await inbox.arrive(shop.tenantId, inbox.message({ waId: '919811111111' }, 'start'));
    expect(await inbox.texts(shop.tenantId)).toEqual([WELCOME, WELCOME]);
    expect(await evidence()).toEqual([]);
    expect(await shop.sql('select id from customer')).toHaveLength(1);
  });

  it('STOP counts from somebody on whom no books are kept yet', async () => {
    await inbox.arrive(shop.tenantId, inbox.message({ waId: '919811111111' }, 'stop'));
    expect(await shop.sql('select id from customer where opted_out_at is not null')).toHaveLength(1);
  });

  it('STOP counts when the customer writes too fast to be answered (S3.41)', async () => {
    for (let n = 0; n < 8; n++) await writes(`message ${n}`);
    await writes('stop');
    expect(await optedOutAt()).not.toBeNull();
    expect(await inbox.texts(shop.tenantId)).not.toContain(STOPPED);
  });

  it('STOP counts when it comes a day late and nothing may answer; an old one that comes again after START undoes nothing', async () => {
    const stop = inbox.message({ waId: asha.waId }, 'stop', { mayAnswer: false });
    inbox.clock.advance(30 * HOUR);
    await inbox.arrive(shop.tenantId, stop);
    expect(await optedOutAt()).toBe(stop.sentAt.toISOString());
    expect(await inbox.texts(shop.tenantId)).toEqual([]);
    await writes('start');
    expect(await optedOutAt()).toBeNull();
    await inbox.arrive(shop.tenantId, { ...stop, wamid: 'wamid.replayed' });
    expect(await optedOutAt()).toBeNull();
    expect(await evidence()).toHaveLength(3);
  });

  it("words about stopping something else are nobody's opt-out", async () => {
    for (const text of ["don't stop", 'bus stop', 'please stop by']) await writes(text);
    expect(await optedOutAt()).toBeNull();
  });

  describe('over HTTP', () => {
    const opt = (path: 'opt-out' | 'opt-in'): Promise<{ status: number; body: unknown }> =>
      shop.call('POST', `customers/${asha.id}/${path}`);

    it('somebody of the merchant records it, with their name on it', async () => {
      expect(await opt('opt-out')).toMatchObject({
        status: 200,
        body: { customerId: asha.id, optedOutAt: inbox.clock.now().toISOString() },
      });
      inbox.clock.advance(1000);
      expect(await opt('opt-in')).toMatchObject({ status: 200, body: { optedOutAt: null } });
      expect(await shop.show(`customers/${asha.id}/consent`)).toMatchObject({
        optedOutAt: null,
        data: [
          { kind: 'opted_in', source: 'api-key', wamid: null, actorId: expect.any(String) as string },
          { kind: 'opted_out', source: 'api-key' },
        ],
        nextCursor: null,
      });
      const acts = await shop.sql<{ action: string }>(
        `select action from audit_entry where action like 'customer.opted%' order by id`,
      );
      expect(acts.map(({ action }) => action)).toEqual(['customer.opted-out', 'customer.opted-in']);
    });

    it("finds nobody of another merchant's", async () => {
      const stranger = await Shop.open(inbox);
      for (const id of [asha.id, unknownId()]) {
        expect((await stranger.call('GET', `customers/${id}/consent`)).status).toBe(404);
        expect((await stranger.call('POST', `customers/${id}/opt-out`)).status).toBe(404);
        expect((await stranger.call('POST', `customers/${id}/opt-in`)).status).toBe(404);
      }
      expect(await optedOutAt()).toBeNull();
    });
  });
});

import type { TenantId } from '../../src/kernel/ids.js';
import { TokenBuckets } from '../../src/platform/rate-limiting/token-buckets.js';
import { Inbox } from './inbox.js';

const ASHA = { waId: '919800000001' };
const TOO_FAST = expect.stringContaining('faster than I can answer') as string;

describe('A customer who writes without pause (S3.40-S3.44, C37)', () => {
  let inbox: Inbox;
  let tenant: TenantId;

  beforeAll(async () => {
    inbox = await Inbox.open();
  });
  afterAll(() => inbox.close());
  beforeEach(() => void (tenant = inbox.newTenant()));

  it('a hundred times in a second: all is stored, five are answered, one notice says so', async () => {
    for (let n = 0; n < 100; n++) await inbox.arrive(tenant, inbox.message(ASHA, 'hi'));
    const texts = await inbox.texts(tenant);
    expect(texts).toHaveLength(6);
    expect(texts.at(-1)).toEqual(TOO_FAST);
    expect(await inbox.sql(tenant, `select count(*)::int as n from message where direction = 'INBOUND'`)).toEqual([
      { n: 100 },
    ]);
    expect(await inbox.sql(tenant, 'select unread_count from thread')).toEqual([{ unread_count: 100 }]);
  });

  it('is told again after a minute, and answered again as soon as there is room', async () => {
    for (let second = 0; second < 70; second++) {
      await inbox.arrive(tenant, inbox.message(ASHA, 'hi'));
      inbox.clock.advance(1000);
    }
    const texts = await inbox.texts(tenant);
    expect(texts.filter((text) => text.startsWith('Welcome'))).toHaveLength(40);
    expect(texts.filter((text) => text.startsWith('You are'))).toHaveLength(1);
  });

  it('is not told off for an album', async () => {
    for (let n = 0; n < 30; n++)
      await inbox.arrive(tenant, inbox.message(ASHA, { type: 'media', kind: 'image', mediaId: String(n) }));
    expect(await inbox.texts(tenant)).toEqual([]);
  });

  it("does not use up another customer's allowance", async () => {
    for (let n = 0; n < 20; n++) await inbox.arrive(tenant, inbox.message(ASHA, 'hi'));
    await inbox.arrive(tenant, inbox.message({ waId: '919800000002' }, 'hi'));
    expect((await inbox.answers(tenant)).filter(({ address }) => address === '919800000002')).toHaveLength(1);
  });

  it('is answered to all that was written over an hour and delivered at once', async () => {
    const messages = Array.from({ length: 12 }, () => {
      inbox.clock.advance(300_000);
      return inbox.message(ASHA, 'hi');
    });
    for (const message of messages) await inbox.arrive(tenant, message);
    expect(await inbox.texts(tenant)).toHaveLength(12);
  });

  it("is told that many others are writing when the tenant's thousand a minute are used up, once a minute", async () => {
    const used = { key: `automation:tenant:${tenant}`, capacity: 1000, refillPerSecond: 1000 / 60, cost: 1000 };
    expect(await inbox.get(TokenBuckets).take([used])).toEqual({ allowed: true });
    for (let n = 0; n < 3; n++) await inbox.arrive(tenant, inbox.message(ASHA, 'hi'));
    expect(await inbox.texts(tenant)).toEqual([expect.stringContaining('very many messages')]);
  });
});

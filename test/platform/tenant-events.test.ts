import fc from 'fast-check';
import type { TenantId } from '../../src/kernel/ids.js';
import { UnitOfWork } from '../../src/platform/database/unit-of-work.js';
import { NumberTenantEvents } from '../../src/platform/realtime/number-tenant-events.js';
import { TenantEvents } from '../../src/platform/realtime/tenant-events.js';
import { Inbox } from '../conversations/inbox.js';

describe('A reader of the event log misses nothing (reliability M8, 2.14)', () => {
  let inbox: Inbox;
  let tenant: TenantId;

  beforeAll(async () => {
    inbox = await Inbox.open();
  });
  beforeEach(() => {
    tenant = inbox.newTenant();
  });
  afterAll(() => inbox.close());

  const append = (n: number): Promise<void> =>
    inbox.get(TenantEvents).append([{ name: 'notification', payload: { n } }]);
  const number = (): Promise<{ seq: number; more: boolean }> =>
    inbox.in(tenant, () => inbox.get(NumberTenantEvents).number());
  const after = async (seq: number): Promise<{ seq: number; n: number }[]> =>
    inbox.sql(
      tenant,
      `select seq::float8 as seq, (payload ->> 'n')::int as n from tenant_event where tenant_id = $1::uuid and seq > $2::bigint order by seq`,
      [tenant, seq],
    );

  /** A transaction that has written its event, and commits when it is told to. */
  async function open(n: number): Promise<() => Promise<void>> {
    let commit!: () => void;
    const told = new Promise<void>((resolve) => (commit = resolve));
    let committed!: Promise<void>;
    await new Promise<void>((written) => {
      committed = inbox.in(tenant, () =>
        inbox.get(UnitOfWork).runSql(async () => {
          await append(n);
          written();
          await told;
        }),
      );
    });
    return () => (commit(), committed);
  }

  it('though an event that was written first commits last', async () => {
    const first = await open(1);
    await inbox.in(tenant, () => inbox.get(UnitOfWork).run(() => append(2)));
    await number();
    expect(await after(0)).toEqual([{ seq: 1, n: 2 }]);
    await first();
    await number();
    expect(await after(1)).toEqual([{ seq: 2, n: 1 }]);
  });

  it('whatever the order of commits, and however many number at once: 1, 2, 3, each once', async () => {
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray([0, 1, 2, 3, 4], { minLength: 2 }), fc.nat(3), async (order, numberers) => {
        tenant = inbox.newTenant();
        const commits = new Map<number, () => Promise<void>>();
        for (const n of [...order].sort()) commits.set(n, await open(n));
        const read: { seq: number; n: number }[] = [];
        for (const n of order) {
          await commits.get(n)!();
          await Promise.all(Array.from({ length: numberers }, number));
          read.push(...(await after(read.at(-1)?.seq ?? 0)));
        }
        await number();
        read.push(...(await after(read.at(-1)?.seq ?? 0)));
        expect(read.map(({ seq }) => seq)).toEqual(order.map((_, index) => index + 1));
        expect(read.map(({ n }) => n).sort()).toEqual([...order].sort());
      }),
      { numRuns: 20 },
    );
  });

  it('and sees nothing of what was undone', async () => {
    const undone = inbox.in(tenant, () =>
      inbox.get(UnitOfWork).run(async () => {
        await append(1);
        throw new Error('undone');
      }),
    );
    await expect(undone).rejects.toThrow('undone');
    expect(await number()).toEqual({ seq: 0, more: false });
    expect(await after(0)).toEqual([]);
  });
});

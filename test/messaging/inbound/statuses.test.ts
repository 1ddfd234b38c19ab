import fc from 'fast-check';
import { AttemptReferences } from '../../../src/modules/messaging/domain/attempt-reference.js';
import { projectStatus } from '../../../src/modules/messaging/domain/message-status.js';
import { OrphanStatuses } from '../../../src/modules/messaging/application/inbound/orphan-statuses.js';
import { Inbound, newWamid, status, statusesOf, type Merchant } from './harness.js';

interface MessageRow {
  state: string;
  wamid: string | null;
  statuses: { status: string; errors?: unknown[]; pricing?: unknown; wamid?: string }[];
  failure: Record<string, unknown> | null;
  lease_token: string | null;
}

describe('Statuses are merged as a set, so that order and repetition cannot matter (S0.57, S0.87, reliability 2.4, S1.91, S4.12, C12)', () => {
  let inbound: Inbound;
  let merchant: Merchant;
  beforeAll(async () => {
    inbound = await Inbound.start();
    merchant = await inbound.merchant();
  });
  afterAll(() => inbound.stop());

  const message = async (id: string): Promise<MessageRow> =>
    (await inbound.sql<MessageRow>('select * from message where id = $1', [id]))[0]!;
  const attempts = (
    id: string,
  ): Promise<{ attempt_no: number; outcome: string | null; wamid: string | null; error: { code: string } | null }[]> =>
    inbound.sql(
      'select attempt_no, outcome, wamid, error from send_attempt where message_id = $1 order by attempt_no',
      [id],
    );
  const reference = (messageId: string, attemptNo = 1): string =>
    inbound.app.get(AttemptReferences).write({ messageId, attemptNo });
  const deliver = async (...batches: unknown[][]): Promise<void> => {
    for (const batch of batches) expect((await inbound.post(statusesOf(merchant, batch))).status).toBe(200);
    await inbound.settled();
  };

  it('a message goes from accepted to read, and each status stays with what came with it (S4.6)', async () => {
    const wamid = newWamid();
    const id = await inbound.outgoing(merchant, { state: 'accepted', wamid });
    const pricing = { billable: true, pricing_model: 'PMP', category: 'utility', type: 'regular' };
    await deliver([status(wamid, 'sent', { pricing })]);
    expect(await message(id)).toMatchObject({ state: 'sent' });
    await deliver([status(wamid, 'delivered')], [status(wamid, 'read')]);
    expect(await message(id)).toMatchObject({
      state: 'read',
      statuses: [{ status: 'sent', pricing }, { status: 'delivered' }, { status: 'read' }],
    });
  });

  it('any statuses in any order, repeated and cut into batches, end as the projection of their set (F14)', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc
          .uniqueArray(fc.constantFrom('sent', 'delivered', 'read', 'failed', 'played'), { minLength: 1 })
          .chain((words) =>
            fc.record({
              words: fc.constant(words),
              order: fc.shuffledSubarray([...words, ...words, ...words], { minLength: words.length * 3 }),
              cut: fc.nat(15),
            }),
          ),
        async ({ words, order, cut }) => {
          const wamid = newWamid();
          const id = await inbound.outgoing(merchant, { state: 'accepted', wamid });
          const all = order.map((word) => status(wamid, word, { timestamp: '1763712000' }));
          await deliver(all.slice(0, cut), all.slice(cut));
          const row = await message(id);
          expect(row.state).toBe(projectStatus(words));
          expect(row.statuses.map((entry) => entry.status).sort()).toEqual([...words].sort());
        },
      ),
      { numRuns: 25 },
    );
  });

  it('a failure keeps its errors and says of what kind it is; after a delivery it is kept and not shown', async () => {
    const [failed, delivered] = [newWamid(), newWamid()];
    const errors = [
      { code: 131026, title: 'Message undeliverable', error_data: { details: 'The number is not on WhatsApp.' } },
    ];
    const ids = [
      await inbound.outgoing(merchant, { state: 'accepted', wamid: failed }),
      await inbound.outgoing(merchant, { state: 'accepted', wamid: delivered }),
    ];
    await deliver([
      status(failed, 'failed', { errors }),
      status(delivered, 'delivered'),
      status(delivered, 'failed', { errors }),
    ]);
    expect(await message(ids[0]!)).toMatchObject({
      state: 'failed',
      failure: {
        code: 131026,
        class: 'refused',
        title: 'Message undeliverable',
        detail: 'The number is not on WhatsApp.',
      },
      statuses: [{ status: 'failed', errors }],
    });
    expect(await message(ids[1]!)).toMatchObject({
      state: 'delivered',
      failure: null,
      statuses: [{ status: 'delivered' }, { status: 'failed', errors }],
    });
  });

  it.each(['sending', 'unknown', 'parked', 'queued'])(
    'a status that names our attempt proves that a message in %s was accepted (F03, F13)',
    async (state) => {
      const wamid = newWamid();
      const id = await inbound.outgoing(merchant, { state });
      await deliver([status(wamid, 'sent', { biz_opaque_callback_data: reference(id) })]);
      expect(await message(id)).toMatchObject({ state: 'sent', wamid, lease_token: null });
      expect(await attempts(id)).toEqual([{ attempt_no: 1, outcome: 'accepted', wamid, error: null }]);
      await deliver([status(wamid, 'read')]);
      expect(await message(id)).toMatchObject({ state: 'read' });
    },
  );

  it("a forged reference, or one of another number's message, moves nothing", async () => {
    const other = await inbound.merchant();
    const [own, foreign] = [
      await inbound.outgoing(merchant, { state: 'unknown' }),
      await inbound.outgoing(other, { state: 'unknown' }),
    ];
    const forged = reference(own).replace(/.$/, (last) => (last === 'A' ? 'B' : 'A'));
    await deliver([
      status(newWamid(), 'sent', { biz_opaque_callback_data: forged }),
      status(newWamid(), 'sent', { biz_opaque_callback_data: reference(foreign) }),
    ]);
    expect([(await message(own)).state, (await message(foreign)).state]).toEqual(['unknown', 'unknown']);
  });

  it('a second wamid of one message is a duplicate: counted, and shown on the attempt (G3)', async () => {
    const [first, second] = [newWamid(), newWamid()];
    const id = await inbound.outgoing(merchant, { state: 'accepted', wamid: second, attempts: 2 });
    await inbound.sql(
      `update send_attempt set outcome = case attempt_no when 1 then 'unknown' else 'accepted' end, wamid = case attempt_no when 2 then $2 end where message_id = $1`,
      [id, second],
    );
    await deliver(
      [status(first, 'sent', { biz_opaque_callback_data: reference(id, 1) })],
      [status(first, 'delivered', { biz_opaque_callback_data: reference(id, 1) })],
    );
    expect(await message(id)).toMatchObject({
      state: 'delivered',
      wamid: second,
      statuses: [
        { status: 'sent', wamid: first },
        { status: 'delivered', wamid: first },
      ],
    });
    expect(await attempts(id)).toMatchObject([
      { attempt_no: 1, outcome: 'accepted', wamid: first, error: { code: 'ACCEPTED_TWICE' } },
      { attempt_no: 2, outcome: 'accepted', wamid: second, error: null },
    ]);
    const metrics = await (await fetch(`${inbound.url}/metrics`)).text();
    expect(metrics).toContain('nodue_messages_accepted_twice_total 1');
  });

  it('a status before its wamid is known waits as an orphan, counts as processed, and is merged when the wamid is stored (F13)', async () => {
    const wamid = newWamid();
    await deliver([status(wamid, 'delivered')]);
    expect(await inbound.sql(`select state, reason from webhook_event where subject = $1`, [wamid])).toEqual([
      { state: 'orphan', reason: 'no message has this id' },
    ]);
    const { pending, processed, received } = await inbound.summary();
    expect([pending, processed]).toEqual([0, received]);
    const id = await inbound.outgoing(merchant, { state: 'accepted', wamid });
    await inbound.as(merchant.tenantId, () =>
      inbound.app.get(OrphanStatuses).settleOrphans(merchant.phoneNumberId, [wamid]),
    );
    await inbound.settled();
    expect(await message(id)).toMatchObject({ state: 'delivered' });
  });

  it('and finds it by itself when nobody says that the wamid is stored', async () => {
    const wamid = newWamid();
    await deliver([status(wamid, 'read')]);
    const id = await inbound.outgoing(merchant, { state: 'accepted', wamid });
    await inbound.sql(`update webhook_event set next_at = now() where subject = $1`, [wamid]);
    await deliver([status(newWamid(), 'sent')]);
    await inbound.settled();
    expect(await message(id)).toMatchObject({ state: 'read' });
  });

  it('a replayed status changes nothing', async () => {
    const wamid = newWamid();
    const id = await inbound.outgoing(merchant, { state: 'accepted', wamid });
    await deliver([status(wamid, 'sent'), status(wamid, 'delivered')]);
    const before = await message(id);
    await inbound.call('POST', '/v1/webhook-events/replay', { state: 'processed' });
    await inbound.settled();
    expect((await message(id)).statuses).toEqual(before.statuses);
  });

  it('whoever waits in line behind a message in doubt is woken when it is settled', async () => {
    const id = await inbound.outgoing(merchant, { state: 'unknown' });
    await inbound.sql(`delete from lane_ring where kind = 'whatsapp-send-queue'`);
    await deliver([status(newWamid(), 'sent', { biz_opaque_callback_data: reference(id) })]);
    expect(await inbound.sql(`select key from lane_ring where kind = 'whatsapp-send-queue'`)).toEqual([
      { key: merchant.phoneNumberId },
    ]);
  });
});

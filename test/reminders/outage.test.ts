import { until } from '../setup/until.js';
import { CollectionRig, type Debt, type Posted } from './collection-rig.js';

const SECOND = 1000;
const HOUR = 3600 * SECOND;
const PER_SECOND = 20;

describe('After an outage (reliability 2.11)', () => {
  let rig: CollectionRig;

  beforeAll(async () => {
    rig = await CollectionRig.open('all');
  });
  afterAll(() => rig.close());

  it("six hours are made up for within the number's rate, and what is late beyond the policy expires", async () => {
    const merchant = await rig.merchant(PER_SECOND);
    const inTime = await rig.debts(merchant, 100, HOUR);
    await rig.notDueForDays(merchant);
    await rig.jump(merchant, 7 * HOUR);
    const tooLate = await rig.debts(merchant, 10, -13 * HOUR);
    await rig.ring(merchant);
    await until(async () => (await rig.statuses(merchant))['sent'] === 100, { within: 120_000 });
    expect(await rig.statuses(merchant)).toEqual({ sent: 100, expired: 10 });
    const expired = await rig.sql<{ reason: string }>(
      merchant,
      `select reason from reminder_decision where reminder_id = any($1::uuid[])`,
      [tooLate.map(({ reminderId }) => reminderId)],
    );
    expect(expired.map(({ reason }) => reason)).toEqual(Array.from({ length: 10 }, () => 'TOO_LATE'));
    const times = postedTo(inTime)
      .map(({ at }) => at.getTime())
      .sort((a, b) => a - b);
    // A token bucket that was full lets one second's worth go ahead.
    for (const from of times)
      expect(times.filter((at) => at >= from && at < from + SECOND).length).toBeLessThanOrEqual(2 * PER_SECOND);
  }, 180_000);

  const postedTo = (debts: readonly Debt[]): Posted[] => {
    const phones = new Set(debts.map(({ phone }) => phone));
    return rig.provider.posted.filter(({ to }) => phones.has(to));
  };
});

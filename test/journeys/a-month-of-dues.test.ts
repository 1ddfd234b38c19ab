import { localDate, localTime, weekdayOf } from '../../src/kernel/local-time.js';
import type { TimelineEntry } from '../../src/modules/reminders/domain/simulation/timeline.js';
import {
  BEGIN,
  behaviour,
  Customers,
  DAYS,
  type Debtor,
  inTurns,
  type Line,
  openBooks,
  POLICY,
} from './month-of-dues.js';
import { type Merchant, Rig } from './rig.js';

const CUSTOMERS = Number(process.env['NODUE_TEST_MONTH_CUSTOMERS'] ?? 200);
const DRIFT_MS = 120_000;

/** As the simulation tells it, over the wire. */
type Told = Omit<TimelineEntry, 'at' | 'until'> & { readonly at: string };

interface Happened {
  readonly about: string;
  readonly at: number;
}

interface Sent {
  readonly customer_id: string;
  readonly due_id: string;
  readonly stage: string;
  readonly step: number;
  readonly sent_at: Date;
}

describe('Thirty days of dues: three zones, two changes of the clock, customers who answer, pay, promise and stop (D5)', () => {
  let rig: Rig;
  let merchant: Merchant;
  let debtors: Map<string, Debtor>;
  let lines: Line[];
  let begin: Date;
  let timeline: Told[];
  let sent: Sent[];

  beforeAll(async () => {
    rig = await Rig.start();
    merchant = await rig.merchant();
    await rig.call('POST', '/sandbox/clock', undefined, { now: BEGIN });
    const opened = await openBooks(rig, merchant, CUSTOMERS);
    debtors = new Map(opened.map((debtor) => [debtor.customerId, debtor]));
    lines = behaviour(opened, 'march');
    const simulated = await rig.call<{ from: string; timeline: Told[]; truncated: boolean }>(
      'POST',
      '/v1/simulations',
      merchant.apiKey,
      {
        days: DAYS,
        response: { script: lines },
      },
    );
    expect(simulated).toMatchObject({ status: 200, body: { truncated: false } });
    begin = new Date(simulated.body.from);
    timeline = simulated.body.timeline;
    await liveThrough(new Date(BEGIN).getTime() + DAYS * 86_400_000);
    sent = await rig.sql<Sent>(
      `select customer_id, due_id, stage, step, sent_at from reminder where status = 'sent' order by sent_at`,
    );
  }, 1_500_000);
  afterAll(() => rig.stop());

  /** The real engine lives through the same days; customers do what they are simulated to do, at the same instants. */
  const liveThrough = async (end: number): Promise<void> => {
    const customers = new Customers(rig, merchant, debtors);
    const received = new Map<string, number>();
    const coming: { at: number; line: Line }[] = [];
    for (const { what, at, dueId } of timeline) {
      if (what !== 'sent') continue;
      const nth = (received.get(dueId!) ?? 0) + 1;
      received.set(dueId!, nth);
      for (const line of lines.filter((one) => one.dueId === dueId && one.onReminder === nth))
        coming.push({ at: Date.parse(at) + line.afterMinutes * 60_000, line });
    }
    const byInstant = Map.groupBy(coming, ({ at }) => at);
    for (const at of [...byInstant.keys()].sort((a, b) => a - b)) {
      if (at >= end) break;
      await moveTo(at);
      await inTurns(byInstant.get(at)!, ({ line }) => customers.act(line, line), 16);
    }
    await moveTo(end);
  };
  const moveTo = async (instant: number): Promise<void> => {
    const answer = await rig.call('POST', '/sandbox/clock', undefined, { now: new Date(instant).toISOString() });
    if (answer.status !== 200) throw new Error(`The clock did not move: ${JSON.stringify(answer.body)}`);
  };

  it('there is enough to look at', () => {
    const count = (what: string): number => timeline.filter((entry) => entry.what === what).length;
    expect(sent.length).toBeGreaterThan(CUSTOMERS * 2);
    for (const what of ['deferred', 'cancelled', 'promise-broken', 'promise-kept', 'paid', 'opted-out'])
      expect({ what, isThere: count(what) > 0 }).toEqual({ what, isThere: true });
  });

  it('no reminder in quiet hours, on a Sunday or a holiday, by the clock of the customer (D7, S0.35)', () => {
    for (const { customer_id, sent_at } of sent) {
      const { zone } = debtors.get(customer_id)!;
      const [day, time] = [localDate(sent_at, zone), localTime(sent_at, zone)];
      const isAllowed =
        time >= POLICY.allowedFrom &&
        time < POLICY.allowedUntil &&
        weekdayOf(day) !== 7 &&
        !(POLICY.holidays as readonly string[]).includes(day);
      expect({ zone, day, time, isAllowed }).toEqual({ zone, day, time, isAllowed: true });
    }
  });

  it('none after the payment or after STOP, and none while a pause or a promise runs (S0.37, S0.38, S0.76-S0.78)', async () => {
    const late = await rig.sql(
      `select r.id from reminder r join due d on d.id = r.due_id join customer c on c.id = r.customer_id
       where r.status = 'sent' and (r.sent_at > d.settled_at or r.sent_at > c.opted_out_at)`,
    );
    expect(late).toEqual([]);
    const meanwhile = await rig.sql(
      `select r.id, m.answer from reminder r join commitment m on m.due_id = r.due_id
       where r.status = 'sent' and r.sent_at > m.made_at + interval '1 second'
         and r.sent_at < least(m.judged_at, m.settled_at) - interval '1 second'`,
    );
    expect(meanwhile).toEqual([]);
  });

  it('none twice, and each as one message (S0.24, S0.79)', async () => {
    const occurrences = sent.map(({ due_id, stage, step }) => `${due_id} ${stage} ${step}`);
    expect(new Set(occurrences).size).toBe(occurrences.length);
    const templates = (await rig.ledger()).filter(({ type }) => type === 'template');
    expect(templates.length).toBe(sent.length);
  });

  it('one reminder a customer and day at most', () => {
    const days = sent.map(
      ({ customer_id, sent_at }) => `${customer_id} ${localDate(sent_at, debtors.get(customer_id)!.zone)}`,
    );
    expect(new Set(days).size).toBe(days.length);
  });

  it('every reminder that was not sent has exactly one reason, and its decisions say the same (D4, S0.34)', async () => {
    const unexplained = await rig.sql(
      `select id, status, reason from reminder
       where status in ('cancelled', 'expired', 'failed') and reason is null or status = 'sent' and reason is not null or status = 'queued'`,
    );
    expect(unexplained).toEqual([]);
    const contradicted = await rig.sql(
      `select r.id, r.reason, x.reason as decided from reminder r
       join lateral (select verdict, reason from reminder_decision x where x.reminder_id = r.id order by x.id desc limit 1) x on true
       where r.status in ('cancelled', 'expired', 'failed') and x.verdict in ('cancel', 'expire', 'fail') and x.reason <> r.reason`,
    );
    expect(contradicted).toEqual([]);
  });

  it("the simulation's timeline is what the engine did", async () => {
    expect(difference(told(), await done())).toEqual([]);
  });

  const about = (...words: readonly (string | number | null)[]): string =>
    words.filter((word) => word !== null).join(' ');

  const told = (): Happened[] =>
    timeline
      .filter(({ what }) => !['planned', 'answered', 'opted-out', 'paid'].includes(what))
      .map(({ at, what, dueId, stage, step, reason }) => ({
        about: about(dueId, stage, step, what, reason),
        at: Date.parse(at),
      }));

  const done = async (): Promise<Happened[]> => {
    const rows = await rig.sql<{ about: string; at: Date }>(
      `select concat_ws(' ', due_id, stage, step, status, reason) as about, case status when 'sent' then sent_at else updated_at end as at
       from reminder where status not in ('pending', 'rescheduled')
       union all
       select concat_ws(' ', r.due_id, r.stage, r.step, 'deferred', x.reason), x.at
       from reminder_decision x join reminder r on r.id = x.reminder_id
       where x.verdict = 'defer' and x.next_at - x.at > interval '2 minutes'
       union all
       select concat_ws(' ', due_id, case state when 'kept' then 'promise-kept' else 'promise-broken ' || state end), settled_at
       from commitment where state in ('kept', 'broken', 'part_kept')`,
    );
    // What is put off for less than the drift is drift. What was overdue when it was added has been looked at before the simulation was asked for.
    return rows.filter(({ at }) => at >= begin).map((row) => ({ about: row.about, at: row.at.getTime() }));
  };
});

/** What one has and the other has not, in a line each. */
function difference(told: readonly Happened[], done: readonly Happened[]): string[] {
  const left = Map.groupBy(done, (one) => one.about);
  const missing = told.filter(({ about, at }) => {
    const candidates = left.get(about) ?? [];
    const index = candidates.findIndex((one) => Math.abs(one.at - at) <= DRIFT_MS);
    if (index >= 0) candidates.splice(index, 1);
    return index < 0;
  });
  const line = ({ about, at }: Happened): string => `${about} ${new Date(at).toISOString()}`;
  return [
    ...missing.map((one) => `only simulated: ${line(one)}`),
    ...[...left.values()].flat().map((one) => `only done: ${line(one)}`),
  ].sort((a, b) => (a.slice(16) < b.slice(16) ? -1 : 1));
}

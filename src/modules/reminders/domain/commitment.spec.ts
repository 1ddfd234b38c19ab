import fc from 'fast-check';
import { Commitment, type CommitmentState, type PromisedDue } from './commitment.js';

const MADE_AT = new Date('2026-11-21T10:00:00Z');
const JUDGED_AT = new Date('2026-11-22T10:00:00Z');
const OWED = 10_000;

const owing = (paidMinor: number, settled?: PromisedDue['settled']): PromisedDue => ({
  outstandingMinor: Math.max(0, OWED - paidMinor),
  paidMinor,
  settled,
});

function promise(due = owing(0), amountMinor?: number): Commitment {
  return Commitment.make({
    id: 'c',
    customerId: 'customer',
    dueId: 'due',
    answer: 'WILL_PAY_TODAY',
    promisedFor: '2026-11-21',
    judgedAt: JUDGED_AT,
    source: 'tap',
    wamid: undefined,
    said: undefined,
    currency: 'INR',
    due,
    madeAt: MADE_AT,
    ...(amountMinor === undefined ? {} : { amountMinor }),
  });
}

const stateOf = (commitment: Commitment): CommitmentState => commitment.snapshot.state;
const eventsOf = (commitment: Commitment): string[] => commitment.releaseEvents().map(({ type }) => type);

describe('A promise to pay (D3)', () => {
  it('is kept as soon as what was promised is paid', () => {
    const commitment = promise();
    commitment.paymentRecorded(owing(4000), MADE_AT);
    expect(stateOf(commitment)).toBe('open');
    commitment.paymentRecorded(owing(OWED, 'PAID'), MADE_AT);
    expect(commitment.snapshot).toMatchObject({ state: 'kept', paidMinor: OWED, settledAt: MADE_AT });
    expect(eventsOf(commitment)).toEqual(['reminders.promise-made', 'reminders.promise-kept']);
  });

  it('of the half is kept by the half', () => {
    const commitment = promise(owing(0), 5000);
    commitment.paymentRecorded(owing(5000), MADE_AT);
    expect(stateOf(commitment)).toBe('kept');
  });

  it('counts only what was paid since it was made', () => {
    const commitment = promise(owing(6000));
    commitment.judge(owing(6000), JUDGED_AT);
    expect(commitment.snapshot).toMatchObject({ state: 'broken', amountMinor: 4000, paidMinor: 0 });
  });

  it('is broken when nothing came in time, kept in part when something did, and says so', () => {
    const broken = promise();
    broken.judge(owing(0), new Date(JUDGED_AT.getTime() - 1));
    expect(stateOf(broken)).toBe('open');
    broken.judge(owing(0), JUDGED_AT);
    expect(stateOf(broken)).toBe('broken');
    expect(eventsOf(broken)).toEqual(['reminders.promise-made', 'reminders.promise-broken']);
    const part = promise();
    part.judge(owing(1), JUDGED_AT);
    expect(part.snapshot).toMatchObject({ state: 'part_kept', paidMinor: 1 });
  });

  it('is withdrawn, not kept, when the due is forgiven', () => {
    const commitment = promise();
    commitment.paymentRecorded(owing(0, 'WRITTEN_OFF'), MADE_AT);
    expect(stateOf(commitment)).toBe('withdrawn');
  });

  it('never promises more than is owed', () => {
    expect(promise(owing(0), OWED * 2).snapshot.amountMinor).toBe(OWED);
  });

  it('follows a tiny model through whatever happens to it, and ends once', () => {
    const step = fc.oneof(
      fc.record({ what: fc.constant('pay' as const), minor: fc.integer({ min: -3000, max: 6000 }) }),
      fc.record({
        what: fc.constantFrom('judge' as const, 'supersede' as const, 'withdraw' as const, 'write-off' as const),
      }),
      fc.record({ what: fc.constant('wait' as const), hours: fc.integer({ min: 1, max: 20 }) }),
    );
    fc.assert(
      fc.property(fc.integer({ min: 1, max: OWED }), fc.array(step, { maxLength: 25 }), (amount, steps) => {
        const commitment = promise(owing(0), amount);
        let [paid, now, settled, expected] = [
          0,
          MADE_AT,
          undefined as PromisedDue['settled'],
          'open' as CommitmentState,
        ];
        const see = (): void => {
          if (expected !== 'open') return;
          if (settled === 'WRITTEN_OFF' && paid < amount) expected = 'withdrawn';
          else if (paid >= amount || settled) expected = 'kept';
        };
        for (const one of steps) {
          if (one.what === 'wait') now = new Date(now.getTime() + one.hours * 3_600_000);
          if (one.what === 'pay' && !settled) {
            paid = Math.min(OWED, Math.max(0, paid + one.minor));
            settled = paid === OWED ? 'PAID' : undefined;
            see();
            commitment.paymentRecorded(owing(paid, settled), now);
          }
          if (one.what === 'write-off' && !settled) {
            settled = 'WRITTEN_OFF';
            see();
            commitment.paymentRecorded(owing(paid, settled), now);
          }
          if (one.what === 'judge') {
            see();
            if (expected === 'open' && now >= JUDGED_AT) expected = paid > 0 ? 'part_kept' : 'broken';
            commitment.judge(owing(paid, settled), now);
          }
          if (one.what === 'supersede') {
            if (expected === 'open') expected = 'superseded';
            commitment.supersede(now);
          }
          if (one.what === 'withdraw') {
            if (expected === 'open') expected = 'withdrawn';
            commitment.withdraw(now);
          }
          const { state, settledAt, paidMinor } = commitment.snapshot;
          if (state !== expected || (settledAt === undefined) !== (state === 'open') || paidMinor < 0) return false;
        }
        return eventsOf(commitment).length <= 2;
      }),
      { numRuns: 2000 },
    );
  });
});

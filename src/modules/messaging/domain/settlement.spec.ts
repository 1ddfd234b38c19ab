import fc from 'fast-check';
import type { MessageCategory } from './message-category.js';
import { MAX_REFUSALS, OutboundMessage, type OutboundState, OUTBOUND_STATES, PRIORITY } from './outbound-message.js';
import type { ProviderError, SendOutcome } from './send-outcome.js';
import { haltAfter, retryDelay, settle } from './settlement.js';

const now = new Date('2026-11-21T09:00:00Z');
const error: ProviderError = { code: 1, title: 'fault' };
const message = { category: 'automatic_answer' as MessageCategory, refusals: 0 };

const outcomes = fc.oneof(
  fc.record({ kind: fc.constant('accepted' as const), wamid: fc.string({ minLength: 1 }) }),
  fc.constant<SendOutcome>({ kind: 'not-sent', error }),
  fc.record({
    kind: fc.constant('throttled' as const),
    scope: fc.constantFrom('number' as const, 'recipient' as const, 'account' as const),
    error: fc.constant(error),
  }),
  fc.record({
    kind: fc.constant('refused' as const),
    about: fc.constantFrom(
      'message' as const,
      'recipient' as const,
      'template' as const,
      'number' as const,
      'account' as const,
    ),
    error: fc.constant(error),
  }),
  fc.constant<SendOutcome>({ kind: 'credential', error }),
  fc.record({ kind: fc.constant('unknown' as const), soft: fc.boolean(), error: fc.constant(error) }),
  fc.record({ kind: fc.constant('deferred' as const), retryAt: fc.date({ noInvalidDate: true }) }),
);
const categories = fc.constantFrom(...(Object.keys(PRIORITY) as MessageCategory[]));

describe('An outcome of a POST', () => {
  it('that was lost is never queued again', () => {
    fc.assert(
      fc.property(categories, fc.boolean(), fc.nat(4), (category, soft, refusals) => {
        expect(settle({ category, refusals }, { kind: 'unknown', soft, error }, now, 0.5)).toMatchObject({
          state: 'unknown',
          attempt: 'unknown',
          refusals,
        });
      }),
    );
  });

  it('that is no fault of the message counts nothing against it: throttle, open breaker, dead token, restricted number (C67)', () => {
    fc.assert(
      fc.property(outcomes, categories, fc.nat(4), (outcome, category, refusals) => {
        const settlement = settle({ category, refusals }, outcome, now, 0.5);
        const counts = outcome.kind === 'not-sent' || (outcome.kind === 'refused' && !haltAfter(outcome));
        expect(settlement.refusals).toBe(refusals + (counts ? 1 : 0));
        if (haltAfter(outcome)) expect(settlement.state).toBe('queued');
      }),
    );
  });

  it('that is a fault of the way is tried five times, each wait longer than the one before (C22, S2.67)', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 5, maxLength: 5 }), (chances) => {
        const waits: number[] = [];
        let refusals = 0;
        for (const chance of chances) {
          const settlement = settle({ ...message, refusals }, { kind: 'not-sent', error }, now, chance);
          refusals = settlement.refusals;
          if (settlement.state === 'queued') waits.push(settlement.nextAt!.getTime() - now.getTime());
          else expect(settlement.state).toBe('failed');
        }
        expect(refusals).toBe(MAX_REFUSALS);
        expect(waits).toHaveLength(4);
        expect(waits).toEqual([...waits].sort((a, b) => a - b));
      }),
    );
  });

  it('spreads retries by half of their wait', () => {
    expect([retryDelay(1, 0), retryDelay(1, 1), retryDelay(4, 0.5)]).toEqual([750, 1250, 512_000]);
  });

  it('that was never made leaves no attempt', () => {
    expect(settle(message, { kind: 'deferred', retryAt: now }, now, 0)).toEqual({
      state: 'queued',
      attempt: 'undone',
      refusals: 0,
    });
  });
});

describe('A person', () => {
  const of = (state: OutboundState): OutboundMessage => new OutboundMessage('id', 'number', state);

  it.each(OUTBOUND_STATES)('may cancel a message only before it may be on the wire: %s', (state) => {
    const cancel = (): void => of(state).cancel();
    if (state === 'queued' || state === 'parked') expect(cancel).not.toThrow();
    else
      expect(cancel).toThrow(
        expect.objectContaining({ code: 'MESSAGE_NOT_CANCELLABLE', extensions: { status: state } }),
      );
  });

  it.each(OUTBOUND_STATES)('may send again only what is parked: %s', (state) => {
    const again = (): void => of(state).sendAgain();
    if (state === 'parked') expect(again).not.toThrow();
    else expect(again).toThrow(expect.objectContaining({ code: 'MESSAGE_NOT_PARKED' }));
  });
});

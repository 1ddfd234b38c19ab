import fc from 'fast-check';
import type { MessageCategory } from './message-category.js';
import { PRIORITY } from './outbound-message.js';
import {
  confirmSilence,
  firstLook,
  readSilence,
  resolveUnknown,
  type Silence,
  UNKNOWN_POLICY,
  type UnknownMessage,
  type WitnessedSend,
} from './unknown-message.js';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const sentAt = new Date('2026-11-21T09:00:00Z');
const after = (milliseconds: number): Date => new Date(sentAt.getTime() + milliseconds);
const unknown = (category: MessageCategory, more: Partial<UnknownMessage> = {}): UnknownMessage => ({
  ...{ category, soft: false, refusals: 0, lostAnswers: 1, attemptedAt: sentAt },
  ...more,
});
const send = (at: number, calledBack: boolean): WitnessedSend => ({ startedAt: after(at), calledBack });

describe('A message whose answer was lost (reliability 2.5.6)', () => {
  it.each(['payment_reminder', 'campaign', 'agent_reply'] as const)(
    'is parked when its time is over, never sent again: %s',
    (category) => {
      fc.assert(
        fc.property(
          fc.constantFrom<Silence>('proves', 'proves-nothing', 'channel-dark'),
          fc.nat(120 * MINUTE),
          (silence, later) => {
            expect(['wait', 'park']).toContain(resolveUnknown(unknown(category), silence, after(later)).then);
          },
        ),
      );
      expect(resolveUnknown(unknown(category), 'proves', after(MINUTE))).toEqual({ then: 'park' });
      expect(resolveUnknown(unknown(category), 'proves', after(29 * SECOND)).then).toBe('wait');
    },
  );

  it.each([
    ['automatic_answer', MINUTE],
    ['order_update', 15 * MINUTE],
  ] as const)('is sent once more on proof that callbacks arrive, and not a second time: %s', (category, time) => {
    expect(resolveUnknown(unknown(category), 'proves', after(time - 1)).then).toBe('wait');
    expect(resolveUnknown(unknown(category), 'proves', after(time))).toEqual({ then: 'send-again', refusals: 0 });
    expect(resolveUnknown(unknown(category, { lostAnswers: 2 }), 'proves', after(time))).toEqual({ then: 'park' });
  });

  it('is not sent again while the webhook channel is dark, and parked in the end (F05)', () => {
    for (const silence of ['channel-dark', 'proves-nothing'] as const) {
      expect(resolveUnknown(unknown('automatic_answer'), silence, after(9 * MINUTE)).then).toBe('wait');
      expect(resolveUnknown(unknown('automatic_answer'), silence, after(10 * MINUTE))).toEqual({ then: 'park' });
    }
  });

  it('expires with its code', () => {
    expect(
      resolveUnknown(unknown('authentication', { expiresAt: after(5 * MINUTE) }), 'proves', after(4 * MINUTE)).then,
    ).toBe('wait');
    expect(
      resolveUnknown(unknown('authentication', { expiresAt: after(5 * MINUTE) }), 'proves', after(5 * MINUTE)),
    ).toEqual({ then: 'expire' });
  });

  it('is tried again after two minutes when the provider itself said that it failed, five times in all', () => {
    const soft = unknown('payment_reminder', { soft: true });
    expect(resolveUnknown(soft, 'proves-nothing', after(2 * MINUTE - 1)).then).toBe('wait');
    expect(resolveUnknown(soft, 'proves-nothing', after(2 * MINUTE))).toEqual({ then: 'send-again', refusals: 1 });
    expect(resolveUnknown(soft, 'channel-dark', after(2 * MINUTE)).then).toBe('wait');
    expect(resolveUnknown({ ...soft, refusals: 4 }, 'proves-nothing', after(2 * MINUTE))).toEqual({ then: 'park' });
  });

  it('is never sent after its end', () => {
    for (const soft of [true, false]) {
      const over = unknown('order_update', { soft, expiresAt: after(MINUTE) });
      expect(resolveUnknown(over, 'proves', after(20 * MINUTE))).toEqual({ then: 'expire' });
    }
  });

  it('always comes to an end, whatever the channel does', () => {
    const categories = fc.constantFrom(...(Object.keys(PRIORITY) as MessageCategory[]));
    fc.assert(
      fc.property(
        categories,
        fc.boolean(),
        fc.infiniteStream(fc.constantFrom<Silence>('proves', 'proves-nothing', 'channel-dark')),
        (category, soft, silences) => {
          const message = unknown(category, { soft });
          let now = firstLook(message, soft, sentAt);
          for (let looks = 0; looks < 10_000; looks++) {
            const verdict = resolveUnknown(message, silences.next().value, now);
            if (verdict.then !== 'wait') return;
            expect(verdict.until.getTime()).toBeGreaterThan(now.getTime());
            now = verdict.until;
          }
          throw new Error('it waits for ever');
        },
      ),
    );
  });

  it('has a policy for each category', () => {
    expect(Object.keys(UNKNOWN_POLICY).sort()).toEqual(Object.keys(PRIORITY).sort());
  });
});

describe('Silence about a message (reliability 2.5.5c)', () => {
  const now = after(2 * MINUTE);

  it('proves only with three later sends that were called back', () => {
    const witnesses = [send(SECOND, true), send(2 * SECOND, true), send(3 * SECOND, true)];
    expect(readSilence(sentAt, witnesses, false, now)).toBe('proves');
    expect(readSilence(sentAt, witnesses.slice(1), false, now)).toBe('proves-nothing');
    expect(readSilence(sentAt, [...witnesses.slice(1), send(-SECOND, true)], false, now)).toBe('proves-nothing');
  });

  it('means a dark channel when a later send waits for its callback for long, or webhooks are not read yet', () => {
    const witnesses = [1, 2, 3, 4].map((at) => send(at * SECOND, true));
    expect(readSilence(sentAt, [...witnesses, send(5 * SECOND, false)], false, now)).toBe('channel-dark');
    expect(readSilence(sentAt, [...witnesses, send(110 * SECOND, false)], false, now)).toBe('proves');
    expect(readSilence(sentAt, witnesses, true, now)).toBe('channel-dark');
  });

  it('does not depend on the order of the sends', () => {
    const sends = fc.array(
      fc.record({ startedAt: fc.integer({ min: -60_000, max: 120_000 }).map(after), calledBack: fc.boolean() }),
      { maxLength: 20 },
    );
    fc.assert(
      fc.property(sends, fc.boolean(), (given, backlog) => {
        const backwards = [...given].reverse();
        expect(readSilence(sentAt, backwards, backlog, now)).toBe(readSilence(sentAt, given, backlog, now));
      }),
    );
  });
});

describe("On a quiet number the provider's own list bears witness (reliability 2.5.5b)", () => {
  it('when it is complete, and only where callbacks said nothing', () => {
    expect(confirmSilence('proves-nothing', 'complete')).toBe('proves');
    expect(confirmSilence('proves-nothing', 'doubtful')).toBe('proves-nothing');
    expect(confirmSilence('channel-dark', 'complete')).toBe('channel-dark');
    expect(confirmSilence('proves', 'doubtful')).toBe('proves');
  });
});

import fc from 'fast-check';
import type { StatusEntry } from '../message-status.js';
import { chargeOf } from './charge.js';

const PAID = { billable: true, pricing_model: 'PMP', category: 'utility', type: 'regular' };
const FREE = { billable: false, pricing_model: 'PMP', category: 'utility', type: 'free_customer_service' };

const entry = (status: string, at: string, more: Partial<StatusEntry> = {}): StatusEntry => ({ status, at, ...more });

describe("A message's charge is what its statuses say, in any order (S4.8, S4.13, C33, C34)", () => {
  it('is told with sent and again with delivered, and is one', () => {
    const charge = chargeOf(undefined, [
      entry('sent', '2026-11-21T10:00:00.000Z', { pricing: PAID }),
      entry('delivered', '2026-11-21T10:00:02.000Z', { pricing: PAID }),
    ]);
    expect(charge).toEqual({
      model: 'PMP',
      category: 'utility',
      pricingType: 'regular',
      billable: true,
      conversationId: null,
      at: new Date('2026-11-21T10:00:00Z'),
      pricing: PAID,
    });
  });

  it('keeps a category that nobody knew', () => {
    const pricing = { ...PAID, category: 'general_purpose_ai' };
    expect(chargeOf(undefined, [entry('sent', '2026-11-21T10:00:00Z', { pricing })])?.category).toBe(
      'general_purpose_ai',
    );
  });

  it.each([
    ['2025-06-30T23:59:59Z', 'CBP'],
    ['2025-07-01T00:00:00Z', 'PMP'],
  ])('of a provider that names no model it is told by the date %s: %s', (at, model) => {
    const pricing = { billable: true, category: 'marketing' };
    expect(chargeOf(undefined, [entry('sent', at, { pricing })])?.model).toBe(model);
  });

  it('reads the type where billable is missing', () => {
    const told = (type: string) =>
      chargeOf(undefined, [entry('sent', '2026-11-21T10:00:00Z', { pricing: { type, category: 'service' } })])
        ?.billable;
    expect([told('regular'), told('free_customer_service'), told('free_entry_point')]).toEqual([true, false, false]);
  });

  it('says nothing where nothing was told', () => {
    expect(chargeOf(undefined, [entry('read', '2026-11-21T10:00:00Z'), entry('sent', 'x', { pricing: 'free' })])).toBe(
      undefined,
    );
  });

  const entries = fc.array(
    fc.record({
      status: fc.constantFrom('sent', 'delivered', 'read'),
      at: fc.integer({ min: 0, max: 5 }).map((minute) => `2026-11-21T10:0${minute}:00.000Z`),
      pricing: fc.constantFrom<unknown>(PAID, FREE, { ...PAID, category: 'marketing' }, undefined, { billable: false }),
      conversation: fc.constantFrom<unknown>(undefined, { id: 'a' }, { id: 'b', origin: { type: 'service' } }),
    }),
    { maxLength: 8 },
  );

  it('is the same whatever the order, the repetition and the batches', () => {
    fc.assert(
      fc.property(entries, fc.infiniteStream(fc.nat()), fc.nat(8), (given, random, cut) => {
        const shuffled = [...given, ...given]
          .map((one) => ({ one, at: random.next().value as number }))
          .sort((a, b) => a.at - b.at)
          .map(({ one }) => one);
        const inBatches = chargeOf(chargeOf(undefined, shuffled.slice(0, cut)), shuffled.slice(cut));
        expect(inBatches).toEqual(chargeOf(undefined, given));
      }),
    );
  });

  it('is billable as soon as one status says so', () => {
    fc.assert(
      fc.property(entries, (given) => {
        const says = given.some(({ pricing }) => (pricing as { billable?: boolean } | undefined)?.billable === true);
        expect(chargeOf(undefined, given)?.billable ?? false).toBe(says);
      }),
    );
  });
});

import fc from 'fast-check';
import { Cursor, InvalidCursor } from './pagination.js';

const cursor = new Cursor({ at: 'instant', id: 'uuid', name: 'text', seq: 'integer' });
const positions = fc.record({
  at: fc.date({ min: new Date('0001-01-01T00:00:00Z'), max: new Date('9999-12-31T23:59:59Z'), noInvalidDate: true }),
  id: fc.uuid(),
  name: fc.string({ unit: 'binary' }).filter((text) => !text.includes('\0') && text.isWellFormed()),
  seq: fc.bigInt({ min: -(10n ** 18n) + 1n, max: 10n ** 18n - 1n }),
});

describe('A cursor (contract 3)', () => {
  it('comes back as the position that it was made from', () => {
    fc.assert(fc.property(positions, (position) => expect(cursor.read(cursor.write(position))).toEqual(position)));
  });

  it('is absent on the first page', () => {
    expect(cursor.read(undefined)).toBeUndefined();
  });

  it('is refused, never passed on, when it was not given out by this list', () => {
    fc.assert(fc.property(fc.string(), (text) => expect(() => cursor.read(text)).toThrow(InvalidCursor)));
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.string(), fc.integer(), fc.constant(null)), { maxLength: 6 }), (values) => {
        const forged = Buffer.from(JSON.stringify(values)).toString('base64url');
        expect(() => cursor.read(forged)).toThrow(InvalidCursor);
      }),
    );
    const otherList = new Cursor({ id: 'uuid' }).write({ id: '01932f3c-7f1e-7a3b-8c1d-123456789012' });
    expect(() => cursor.read(otherList)).toThrow(InvalidCursor);
  });

  it('walks a list to its end, each row once, whatever the size of a page', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.nat(10_000), { maxLength: 60 }),
        fc.integer({ min: 1, max: 20 }),
        (numbers, limit) => {
          const rows = numbers.sort((a, b) => a - b).map((n) => ({ seq: BigInt(n) }));
          const list = new Cursor({ seq: 'integer' });
          const seen: bigint[] = [];
          let next: string | null | undefined;
          do {
            const after = list.read(next ?? undefined)?.seq;
            const page = list.page(
              rows.filter(({ seq }) => after === undefined || seq > after).slice(0, limit + 1),
              limit,
              ({ seq }) => seq,
            );
            expect(page.data.length).toBeLessThanOrEqual(limit);
            seen.push(...page.data);
            next = page.nextCursor;
          } while (next !== null);
          expect(seen).toEqual(rows.map(({ seq }) => seq));
        },
      ),
    );
  });
});

import fc from 'fast-check';
import { guarded, unguarded } from './formula-guard.js';
import { Ordinals } from './ordinals.js';
import { readDate } from './written-date.js';

describe('A cell is never a formula (CWE-1236)', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.tuple(fc.stringMatching(/^'*[=+\-@\t\r\n＝＋－＠]$/), fc.string()).map((parts) => parts.join('')),
  );

  it('whatever it says, and it can be read back', () => {
    fc.assert(
      fc.property(text, (value) => {
        expect(guarded(value)).not.toMatch(/^[=@\t\r\n＝＋－＠]|^[+-](?!\d[\d.,]*$)/);
        expect(unguarded(guarded(value))).toBe(value);
      }),
    );
  });

  it.each(['+919876543210', '-5', '-1,234.50', 'Asha', "O'Neil", "'tis"])('%s stays as it is', (value) => {
    expect(guarded(value)).toBe(value);
  });
});

describe('A date is read day first', () => {
  it.each([
    ['2026-11-30', '2026-11-30'],
    ['30/11/2026', '2026-11-30'],
    ['30-11-2026', '2026-11-30'],
    ['1.2.2026', '2026-02-01'],
    ['29/02/2028', '2028-02-29'],
    ['29/02/2026', undefined],
    ['11/30/2026', undefined],
    ['30/11/26', undefined],
    ['0001-01-01', undefined],
    ['9999-12-31', undefined],
    ['46356', undefined],
    ['tomorrow', undefined],
  ])('%s', (written, date) => {
    expect(readDate(written)).toBe(date);
  });
});

describe('How often a text was met', () => {
  it('is counted as a map counts it', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ maxLength: 2 }), { maxLength: 5000, size: 'max' }), (texts) => {
        const [ordinals, counts] = [new Ordinals(), new Map<string, number>()];
        for (const text of texts) {
          ordinals.add(text);
          counts.set(text, (counts.get(text) ?? 0) + 1);
        }
        for (const [text, count] of counts) expect(ordinals.countOf(text)).toBe(count);
        expect(ordinals.countOf('never met')).toBe(0);
      }),
      { numRuns: 20 },
    );
  });
});

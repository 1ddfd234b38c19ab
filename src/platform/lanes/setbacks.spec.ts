import { Setbacks } from './setbacks.js';

describe('A lane whose drain fails (S2.78)', () => {
  it('is tried again after a second, then ever later, a minute at most', () => {
    const setbacks = new Setbacks();
    const waits = Array.from({ length: 40 }, () => setbacks.add('a'));
    expect(waits.slice(0, 8)).toEqual([1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000]);
    expect(waits.at(-1)).toBe(60_000);
  });

  it('begins anew when a drain ended well, and keeps no other lane waiting', () => {
    const setbacks = new Setbacks();
    setbacks.add('a');
    setbacks.add('a');
    expect(setbacks.add('b')).toBe(1000);
    setbacks.clear('a');
    expect(setbacks.add('a')).toBe(1000);
    expect(setbacks.total).toBe(4);
  });

  it('is forgotten for newer ones when very many fail, not while it goes on failing', () => {
    const setbacks = new Setbacks();
    setbacks.add('early');
    setbacks.add('again');
    for (let n = 0; n < 9_999; n++) {
      setbacks.add(`lane-${n}`);
      if (n === 5000) setbacks.add('again');
    }
    expect(setbacks.add('again')).toBe(4000);
    expect(setbacks.add('early')).toBe(1000);
  });
});

import fc from 'fast-check';
import { MAIN_MENU, Session } from './session.js';

const START = Date.UTC(2026, 10, 21);
const TTL = 60_000;
const DAY = 86_400_000;
const at = (ms: number): Date => new Date(START + ms);

describe('The two clocks of a session (C5, S0.82, S3.51)', () => {
  it('give a menu its time to live from the moment it was opened', () => {
    const session = Session.begin('t', at(0));
    expect(session.menuIsOpenAt(at(0))).toBe(false);
    session.openMenu(at(0), TTL);
    expect(session.menuIsOpenAt(at(TTL - 1))).toBe(true);
    expect(session.menuIsOpenAt(at(TTL))).toBe(false);
  });

  it('agree with "no gap was as long as the menu lives, since it was opened", and forget 24 hours after the last message', () => {
    const step = fc.record({ gap: fc.integer({ min: 0, max: 2 * TTL }), does: fc.constantFrom('open', 'write') });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const session = Session.begin('t', at(0));
        let clock = 0;
        let isOpen = false;
        for (const { gap, does } of steps) {
          clock += gap;
          isOpen &&= gap < TTL;
          expect(session.menuIsOpenAt(at(clock))).toBe(isOpen);
          session.touch(at(clock), at(clock), TTL);
          if (does === 'open') session.openMenu(at(clock), TTL);
          isOpen ||= does === 'open';
          expect(session.snapshot.expiresAt).toEqual(at(clock + DAY));
          expect(session.snapshot.menuExpiresAt <= at(clock + TTL)).toBe(true);
        }
      }),
    );
  });

  it('judge a tap by when it was made, not by when it was worked off', () => {
    const session = Session.begin('t', at(0));
    session.openMenu(at(0), TTL);
    const tappedAt = at(TTL - 1000);
    session.touch(tappedAt, at(10 * TTL), TTL);
    expect(session.menuIsOpenAt(tappedAt)).toBe(true);
  });
});

describe('A session (S0.81)', () => {
  it('starts over with "hi": state, memory, taps and hint (S0.65, S0.85)', () => {
    const session = Session.begin('t', at(0));
    session.enter('ORDER');
    session.remember('items', [1]);
    session.noteAnswered('wamid.1/CHECK_CURRENT_DUE');
    session.noteHint(at(1));
    session.openMenu(at(2), TTL);
    expect(session.snapshot).toMatchObject({ state: MAIN_MENU, context: {}, answeredTaps: [], hintedAt: undefined });
  });

  it('remembers and forgets by key', () => {
    const session = Session.begin('t', at(0));
    session.remember('a', { b: 1 });
    session.remember('c', 2);
    expect(session.recall('a')).toEqual({ b: 1 });
    session.remember('a', undefined);
    expect(session.snapshot.context).toEqual({ c: 2 });
  });

  it('knows the taps that it has answered, the latest twenty of them', () => {
    const session = Session.begin('t', at(0));
    for (let n = 0; n < 25; n++) session.noteAnswered(`tap ${n}`);
    expect(session.hasAnswered('tap 24')).toBe(true);
    expect(session.hasAnswered('tap 4')).toBe(false);
    expect(session.snapshot.answeredTaps).toHaveLength(20);
  });
});

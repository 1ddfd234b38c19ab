import fc from 'fast-check';
import { afterFault, MEDIA_KEPT_MS, MEDIA_WAITS, type MediaFailure, type MediaFaultCode, readSha256 } from './media.js';

const SINCE = new Date('2026-11-21T10:00:00Z');

/** Tries until it is over. @returns when each try was */
function lifeOf(code: MediaFaultCode): { state: string; tries: Date[] } {
  let file = { tries: 0, failure: undefined as MediaFailure | undefined, since: SINCE };
  const tries: Date[] = [];
  for (let now = SINCE; ;) {
    tries.push(now);
    const after = afterFault(file, { code, detail: '' }, now);
    file = { ...file, tries: after.tries, failure: after.failure };
    if (after.state === 'failed') return { state: after.state, tries };
    now = after.nextAt;
  }
}

describe('A file that cannot be fetched (S1.5, F10)', () => {
  it('is tried after 5 s, 30 s, 2 min, 10 min, 1 h, 6 h, 24 h, then daily, and given up after 30 days', () => {
    const { tries } = lifeOf('PROVIDER_ERROR');
    const waits = tries.slice(1).map((at, index) => at.getTime() - tries[index]!.getTime());
    expect(waits.slice(0, 7)).toEqual(MEDIA_WAITS);
    expect(new Set(waits.slice(7))).toEqual(new Set([24 * 60 * 60 * 1000]));
    expect(tries.at(-1)!.getTime() - SINCE.getTime()).toBeLessThanOrEqual(MEDIA_KEPT_MS);
    expect(tries.length).toBeGreaterThan(30);
  });

  it.each([
    ['HASH_MISMATCH', 3],
    ['GONE', 3],
    ['REDIRECTED', 3],
    ['HOST_REFUSED', 3],
    ['TOO_LARGE', 1],
  ] as const)('%s is given up after %i tries', (code, tries) => {
    expect(lifeOf(code).tries).toHaveLength(tries);
  });

  it('waits for its token without counting tries, for 30 days', () => {
    const after = afterFault({ tries: 2, failure: undefined, since: SINCE }, { code: 'CREDENTIAL', detail: '' }, SINCE);
    expect(after).toMatchObject({ state: 'pending', tries: 2 });
    expect(lifeOf('CREDENTIAL').state).toBe('failed');
  });

  it('is never lost: whatever faults come, it ends, and only after its faults had their patience', () => {
    const codes: MediaFaultCode[] = ['LINK_EXPIRED', 'HASH_MISMATCH', 'GONE', 'PROVIDER_ERROR', 'DEADLINE', 'NETWORK'];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...codes), { minLength: 60, maxLength: 60 }), (faults) => {
        let file = { tries: 0, failure: undefined as MediaFailure | undefined, since: SINCE };
        let now = SINCE;
        for (const code of faults) {
          const after = afterFault(file, { code, detail: '' }, now);
          if (after.state === 'failed')
            return after.failure.times >= 3 || now.getTime() - SINCE.getTime() > MEDIA_KEPT_MS - 86_400_001;
          if (after.nextAt <= now) return false;
          file = { ...file, tries: after.tries, failure: after.failure };
          now = after.nextAt;
        }
        return false;
      }),
    );
  });
});

describe('An announced digest', () => {
  const hex = 'c2fa9731eea7ee7d56d33a61bcb3e82e3faccfd34aaa6af7cd9ed8cd33fbc512'.slice(0, 64);
  it('is read in hex and in base64', () => {
    const base64 = Buffer.from(hex, 'hex').toString('base64');
    expect(Buffer.from(readSha256(base64)!).toString('hex')).toBe(hex);
    expect(Buffer.from(readSha256(hex)!).toString('hex')).toBe(hex);
  });
  it.each([undefined, '', 'abc', `${hex}00`, 'x'.repeat(64)])('%p is none', (text) =>
    expect(readSha256(text)).toBeUndefined(),
  );
});

import fc from 'fast-check';
import { REFRESH_TOKEN_LIVES_MS, RefreshFamily, type RefreshTokenState, type Rotation } from './refresh-family.js';

const START = new Date('2026-11-21T00:00:00Z');
const token = (n: number): { id: string; hash: string } => ({ id: `t${n}`, hash: `h${n}` });
const later = (ms: number): Date => new Date(START.getTime() + ms);
const alive = (family: RefreshFamily, now: Date): RefreshTokenState[] =>
  family.tokens.filter(({ usedAt, revokedAt, expiresAt }) => !usedAt && !revokedAt && expiresAt > now);

describe('A family of refresh tokens', () => {
  const begin = (): RefreshFamily => RefreshFamily.begin('f', 'u', token(0), START);

  it('passes from one token to the next', () => {
    const family = begin();
    expect(family.rotate(token(0), token(1), later(1))).toEqual({ rotated: true });
    expect(family.rotate(token(1), token(2), later(2))).toEqual({ rotated: true });
    expect(alive(family, later(3)).map(({ id }) => id)).toEqual(['t2']);
  });

  it('ends with the second use of a token', () => {
    const family = begin();
    family.rotate(token(0), token(1), later(1));
    expect(family.rotate(token(0), token(2), later(2))).toEqual({ rotated: false, refusal: 'reused' });
    expect(family.rotate(token(1), token(3), later(3))).toEqual({ rotated: false, refusal: 'revoked' });
  });

  it('a token lives thirty days from its making', () => {
    expect(begin().rotate(token(0), token(1), later(REFRESH_TOKEN_LIVES_MS - 1)).rotated).toBe(true);
    expect(begin().rotate(token(0), token(1), later(REFRESH_TOKEN_LIVES_MS))).toEqual({
      rotated: false,
      refusal: 'expired',
    });
  });

  it('somebody who knows a token by its id alone does it no harm', () => {
    const family = begin();
    family.rotate(token(0), token(1), later(1));
    expect(family.rotate({ id: 't0', hash: 'guessed' }, token(2), later(2))).toEqual({
      rotated: false,
      refusal: 'unknown',
    });
    expect(family.isRevoked).toBe(false);
  });

  it('whatever is tried in whatever order: one token alive at most, none comes back, an end is an end', () => {
    const step = fc.oneof(
      { weight: 6, arbitrary: fc.record({ do: fc.constant('use' as const), n: fc.nat(12) }) },
      { weight: 3, arbitrary: fc.record({ do: fc.constant('use-newest' as const) }) },
      { weight: 1, arbitrary: fc.record({ do: fc.constant('revoke' as const) }) },
      { weight: 2, arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.nat(REFRESH_TOKEN_LIVES_MS * 2) }) },
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        let family = begin();
        let now = START;
        let made = 1;
        let ended = false;
        const used = new Set<string>();
        for (const act of steps) {
          // What is kept between two requests is the state alone.
          family = RefreshFamily.restore(family.id, family.userId, family.tokens);
          now = new Date(now.getTime() + (act.do === 'wait' ? act.ms : 1));
          const before = alive(family, now).map(({ id }) => id);
          if (act.do === 'revoke') {
            family.revoke(now);
            ended = true;
          }
          if (act.do === 'use' || act.do === 'use-newest') {
            const presented = token(act.do === 'use' ? act.n : made - 1);
            const rotation: Rotation = family.rotate(presented, token(made), now);
            expect(rotation.rotated).toBe(before.includes(presented.id));
            if (rotation.rotated) {
              used.add(presented.id);
              made++;
            } else if (rotation.refusal === 'reused') {
              expect(used.has(presented.id)).toBe(true);
              ended = true;
            }
          }
          const living = alive(family, now);
          expect(living.length).toBeLessThanOrEqual(1);
          expect(living.some(({ id }) => used.has(id))).toBe(false);
          if (ended) expect(living).toEqual([]);
          expect(family.isRevoked).toBe(ended);
          expect(family.tokens.length).toBe(made);
        }
      }),
    );
  });
});

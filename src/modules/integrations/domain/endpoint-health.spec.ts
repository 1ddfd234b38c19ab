import { checkUp, type EndpointHealth, PATIENCE_MS, restsUntil } from './endpoint-health.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const now = new Date('2026-11-21T10:00:00Z');
const later = (milliseconds: number): Date => new Date(now.getTime() + milliseconds);
const fresh: EndpointHealth = { succeededAt: null, failingSince: null, lastFailedAt: null };

/** Fails every ten hours, the longest that the schedule waits. */
function failingUntil(end: Date): EndpointHealth {
  let health: EndpointHealth = fresh;
  for (let at = now; at < end; at = new Date(at.getTime() + 10 * HOUR)) health = checkUp(health, ['failed'], at);
  return health;
}

describe('An endpoint is disabled when nobody answers for five days (D18)', () => {
  it('counts from the first failure after the last success', () => {
    const first = checkUp(fresh, ['failed'], now);
    expect(first).toMatchObject({ succeededAt: null, failingSince: now, lastFailedAt: now, disabled: undefined });
    const failing = failingUntil(later(PATIENCE_MS));
    expect(checkUp(failing, ['failed'], later(PATIENCE_MS - 1))).toMatchObject({
      failingSince: now,
      disabled: undefined,
    });
    expect(checkUp(failing, ['failed'], later(PATIENCE_MS))).toMatchObject({ failingSince: now, disabled: 'FAILING' });
  });

  it('not for the first failure after days in which nothing was tried', () => {
    const quiet = checkUp(fresh, ['failed'], now);
    expect(checkUp(quiet, ['failed'], later(11 * HOUR))).toMatchObject({ failingSince: now });
    expect(checkUp(quiet, ['failed'], later(PATIENCE_MS))).toMatchObject({
      failingSince: later(PATIENCE_MS),
      disabled: undefined,
    });
  });

  it('forgets the failures with one success, whatever failed beside it', () => {
    const at = later(PATIENCE_MS);
    expect(checkUp(failingUntil(at), ['failed', 'succeeded'], at)).toMatchObject({
      succeededAt: at,
      failingSince: null,
      disabled: undefined,
    });
  });

  it('at once when the receiver says that it is gone', () => {
    expect(checkUp(fresh, ['succeeded', 'gone'], now)).toMatchObject({ disabled: 'GONE' });
  });

  it('says nothing when nothing was tried', () => {
    expect(checkUp(fresh, [], now)).toEqual({ ...fresh, disabled: undefined, isUpAgain: false });
  });
});

describe('An endpoint that was down is up again with its first success (F65)', () => {
  it('after a minute and more of failures alone', () => {
    const failing = checkUp(fresh, ['failed'], now);
    expect(checkUp(failing, ['succeeded'], later(MINUTE))).toMatchObject({ isUpAgain: true });
    expect(checkUp(failing, ['failed'], later(MINUTE))).toMatchObject({ isUpAgain: false });
  });

  it('not where it has refused one thing and taken the next', () => {
    const failing = checkUp(fresh, ['failed'], now);
    expect(checkUp(failing, ['succeeded'], later(MINUTE - 1))).toMatchObject({ isUpAgain: false });
    expect(checkUp(fresh, ['succeeded'], now)).toMatchObject({ isUpAgain: false });
  });
});

describe('An endpoint that fails rests between its attempts, so that others have its place (F54, F65)', () => {
  it('for an eighth of the time for which it has been failing, a minute at most', () => {
    expect(restsUntil(fresh)).toBeUndefined();
    for (const [failingFor, rest] of [
      [0, 0],
      [16_000, 2000],
      [8 * MINUTE, MINUTE],
      [48 * HOUR, MINUTE],
    ] as const)
      expect(restsUntil({ ...fresh, failingSince: now, lastFailedAt: later(failingFor) })).toEqual(
        later(failingFor + rest),
      );
  });
});

import { checkUp, PATIENCE_MS } from './endpoint-health.js';

const now = new Date('2026-11-21T10:00:00Z');
const later = (milliseconds: number): Date => new Date(now.getTime() + milliseconds);
const fresh = { succeededAt: null, failingSince: null };

describe('An endpoint is disabled when nobody answers for five days (D18)', () => {
  it('counts from the first failure after the last success', () => {
    const failing = checkUp(fresh, ['failed'], now);
    expect(failing).toEqual({ succeededAt: null, failingSince: now, disabled: undefined });
    expect(checkUp(failing, ['failed'], later(PATIENCE_MS - 1))).toEqual(failing);
    expect(checkUp(failing, ['failed'], later(PATIENCE_MS))).toMatchObject({ failingSince: now, disabled: 'FAILING' });
  });

  it('forgets the failures with one success, whatever failed beside it', () => {
    const failing = checkUp(fresh, ['failed'], now);
    const at = later(PATIENCE_MS);
    expect(checkUp(failing, ['failed', 'succeeded'], at)).toEqual({
      succeededAt: at,
      failingSince: null,
      disabled: undefined,
    });
  });

  it('at once when the receiver says that it is gone', () => {
    expect(checkUp(fresh, ['succeeded', 'gone'], now)).toMatchObject({ disabled: 'GONE' });
  });

  it('says nothing when nothing was tried', () => {
    expect(checkUp(fresh, [], now)).toEqual({ ...fresh, disabled: undefined });
  });
});

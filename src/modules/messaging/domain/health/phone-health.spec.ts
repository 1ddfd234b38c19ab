import { ageOf, type HealthFacts, type HealthHere, isWorse, judge, overlay, type Verdict } from './phone-health.js';

const WELL: HealthFacts = {
  qualityRating: 'GREEN',
  status: 'CONNECTED',
  throughput: 'STANDARD',
  messagingTier: 'TIER_2K',
};
const RUNNING: HealthHere = { paused: false, credentialRefused: false };

describe('A number is Good, Warning or Danger (S1.58, S1.59)', () => {
  it.each<[string, Partial<HealthFacts>, Partial<HealthHere>, Verdict, string[]]>([
    ['all is well', {}, {}, 'good', []],
    ['a new number has no rating yet', { qualityRating: 'UNKNOWN' }, {}, 'good', []],
    ['a rating that does not apply', { qualityRating: 'NA' }, {}, 'good', []],
    ['high throughput', { throughput: 'HIGH', messagingTier: 'TIER_UNLIMITED' }, {}, 'good', []],
    ['a word that the provider may add', { status: 'SPARKLING', qualityRating: 'BLUE' }, {}, 'good', []],
    ['no status was told', { status: null }, {}, 'good', []],
    ['middling quality', { qualityRating: 'YELLOW' }, {}, 'warning', ['QUALITY_YELLOW']],
    ['flagged', { status: 'FLAGGED' }, {}, 'warning', ['STATUS_AT_RISK']],
    ['rate limited', { status: 'RATE_LIMITED' }, {}, 'warning', ['STATUS_AT_RISK']],
    ['not verified yet', { status: 'UNVERIFIED' }, {}, 'warning', ['STATUS_NOT_READY']],
    ['a low tier', { messagingTier: 'TIER_250' }, {}, 'warning', ['TIER_LOW']],
    ['unusual throughput', { throughput: 'NOT_APPLICABLE' }, {}, 'warning', ['THROUGHPUT_UNUSUAL']],
    ['low quality', { qualityRating: 'RED' }, {}, 'danger', ['QUALITY_RED']],
    ['restricted', { status: 'RESTRICTED' }, {}, 'danger', ['STATUS_STOPPED']],
    ['banned', { status: 'BANNED' }, {}, 'danger', ['STATUS_STOPPED']],
    ['disconnected', { status: 'DISCONNECTED' }, {}, 'danger', ['STATUS_STOPPED']],
    ['paused here', {}, { paused: true }, 'danger', ['PAUSED_HERE']],
    ['a refused token', {}, { credentialRefused: true }, 'danger', ['CREDENTIAL_REFUSED']],
    [
      'several, the worst first',
      { qualityRating: 'RED', messagingTier: 'TIER_50' },
      {},
      'danger',
      ['QUALITY_RED', 'TIER_LOW'],
    ],
    [
      'never read',
      { qualityRating: null, status: null, throughput: null, messagingTier: null },
      {},
      'unknown',
      ['NEVER_READ'],
    ],
    [
      'never read, and paused',
      { qualityRating: null, status: null },
      { paused: true },
      'danger',
      ['PAUSED_HERE', 'NEVER_READ'],
    ],
  ])('%s', (_, facts, here, verdict, reasons) => {
    expect(judge({ ...WELL, ...facts }, { ...RUNNING, ...here })).toEqual({ verdict, reasons });
  });

  it('is worse only towards danger', () => {
    expect(isWorse('danger', 'warning')).toBe(true);
    expect(isWorse('warning', 'unknown')).toBe(true);
    expect(isWorse('good', 'unknown')).toBe(false);
    expect(isWorse('warning', 'danger')).toBe(false);
  });

  it('keeps what a webhook does not speak of', () => {
    expect(overlay(WELL, { qualityRating: 'RED' })).toEqual({ ...WELL, qualityRating: 'RED' });
  });
});

describe('A reading is cached for 6 hours and stale after 12 (S1.60, S1.105)', () => {
  const taken = new Date('2026-11-21T00:00:00Z');
  it.each([
    ['05:59', 'fresh'],
    ['06:00', 'fresh'],
    ['06:01', 'due'],
    ['11:59', 'due'],
    ['12:00', 'due'],
    ['12:01', 'stale'],
  ])('at %s it is %s', (time, age) => {
    expect(ageOf(taken, new Date(`2026-11-21T${time}:00Z`))).toBe(age);
  });

  it('one that was never taken is stale', () => expect(ageOf(null, taken)).toBe('stale'));
});

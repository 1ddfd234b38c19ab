/** What the provider says of a number, in its own words; null: it did not say. */
export interface HealthFacts {
  /** GREEN | YELLOW | RED | UNKNOWN | NA */
  readonly qualityRating: string | null;
  /** CONNECTED, FLAGGED, RESTRICTED, BANNED ... */
  readonly status: string | null;
  /** STANDARD | HIGH | NOT_APPLICABLE */
  readonly throughput: string | null;
  /** TIER_250, TIER_2K ... TIER_UNLIMITED */
  readonly messagingTier: string | null;
}

/** What this side does with the number. */
export interface HealthHere {
  readonly paused: boolean;
  /** The provider refused the account's token. */
  readonly credentialRefused: boolean;
}

export type Verdict = 'good' | 'warning' | 'danger' | 'unknown';

export const HEALTH_REASONS = [
  'QUALITY_RED',
  'QUALITY_YELLOW',
  'STATUS_STOPPED',
  'STATUS_AT_RISK',
  'STATUS_NOT_READY',
  'TIER_LOW',
  'THROUGHPUT_UNUSUAL',
  'PAUSED_HERE',
  'CREDENTIAL_REFUSED',
  'NEVER_READ',
] as const;
export type HealthReason = (typeof HEALTH_REASONS)[number];

export interface Judgement {
  readonly verdict: Verdict;
  /** All that speaks against the number, the worst first. */
  readonly reasons: readonly HealthReason[];
}

/** With these nothing can be sent. */
const STOPPED: ReadonlySet<string> = new Set(['RESTRICTED', 'BANNED', 'DISCONNECTED', 'DELETED', 'MIGRATED']);
const AT_RISK: ReadonlySet<string> = new Set(['FLAGGED', 'RATE_LIMITED']);
const NOT_READY: ReadonlySet<string> = new Set(['PENDING', 'UNVERIFIED']);
const LOW_TIERS: ReadonlySet<string> = new Set(['TIER_50', 'TIER_250']);
const USUAL_THROUGHPUT: ReadonlySet<string> = new Set(['STANDARD', 'HIGH']);

const DANGER: ReadonlySet<HealthReason> = new Set([
  'QUALITY_RED',
  'STATUS_STOPPED',
  'PAUSED_HERE',
  'CREDENTIAL_REFUSED',
]);

/** How a number is (S1.59). Words that the provider adds and nobody here knows count neither for nor against it. */
export function judge(facts: HealthFacts, here: HealthHere): Judgement {
  const found = new Set<HealthReason>();
  if (here.credentialRefused) found.add('CREDENTIAL_REFUSED');
  if (here.paused) found.add('PAUSED_HERE');
  if (facts.status !== null && STOPPED.has(facts.status)) found.add('STATUS_STOPPED');
  if (facts.qualityRating === 'RED') found.add('QUALITY_RED');
  if (facts.status !== null && AT_RISK.has(facts.status)) found.add('STATUS_AT_RISK');
  if (facts.status !== null && NOT_READY.has(facts.status)) found.add('STATUS_NOT_READY');
  if (facts.qualityRating === 'YELLOW') found.add('QUALITY_YELLOW');
  if (facts.messagingTier !== null && LOW_TIERS.has(facts.messagingTier)) found.add('TIER_LOW');
  if (facts.throughput !== null && !USUAL_THROUGHPUT.has(facts.throughput)) found.add('THROUGHPUT_UNUSUAL');
  const isUnread = facts.qualityRating === null && facts.status === null;
  if (isUnread) found.add('NEVER_READ');
  const reasons = [...found];
  if (reasons.some((reason) => DANGER.has(reason))) return { verdict: 'danger', reasons };
  if (isUnread) return { verdict: 'unknown', reasons };
  return { verdict: reasons.length === 0 ? 'good' : 'warning', reasons };
}

const BADNESS: Readonly<Record<Verdict, number>> = { unknown: 0, good: 0, warning: 1, danger: 2 };

export function isWorse(now: Verdict, before: Verdict): boolean {
  return BADNESS[now] > BADNESS[before];
}

/** What is known, with what was told since laid over it. */
export function overlay(known: HealthFacts, told: Partial<HealthFacts>): HealthFacts {
  return {
    qualityRating: told.qualityRating ?? known.qualityRating,
    status: told.status ?? known.status,
    throughput: told.throughput ?? known.throughput,
    messagingTier: told.messagingTier ?? known.messagingTier,
  };
}

export const NOTHING_TOLD: HealthFacts = { qualityRating: null, status: null, throughput: null, messagingTier: null };

const HOUR_MS = 60 * 60 * 1000;
/** How long a reading is served as it is (S1.60). */
export const CACHED_MS = 6 * HOUR_MS;
/** From when on a reading says nothing reliable any more (S1.60). */
export const STALE_MS = 12 * HOUR_MS;

/** Of what age a reading is; `due`: it is served, and another is fetched meanwhile. */
export function ageOf(takenAt: Date | null, now: Date): 'fresh' | 'due' | 'stale' {
  if (takenAt === null) return 'stale';
  const age = now.getTime() - takenAt.getTime();
  if (age > STALE_MS) return 'stale';
  return age > CACHED_MS ? 'due' : 'fresh';
}

import {
  addDays,
  type CalendarDate,
  clockChangesOn,
  instantsAt,
  localDate,
  localTime,
  type LocalTime,
  weekdayOf,
} from '../../../kernel/local-time.js';

/** When customers may be contacted unasked, in their own time (D7). */
export interface ContactPolicy {
  /** Counts the merchant's changes; 0: the house's. */
  readonly version: number;
  readonly allowedFrom: LocalTime;
  /** Exclusive; `24:00` is the end of the day. */
  readonly allowedUntil: LocalTime;
  /** ISO weekdays, 1 is Monday. */
  readonly weekdays: readonly number[];
  readonly holidays: readonly CalendarDate[];
  /** Reminders a customer and local day, over all dues; undefined: no limit. */
  readonly maxPerDay: number | undefined;
  /** What was due longer ago than this is not sent any more (reliability 2.11). */
  readonly lateAfterMinutes: number;
  /** Whether a customer's later answer replaces the promise that is open; if not, the first holds (C58). */
  readonly laterAnswerReplaces: boolean;
}

const EVERY_DAY: readonly number[] = [1, 2, 3, 4, 5, 6, 7];

/** Of merchants who set none: the hours that collectors keep in India. */
export const HOUSE_POLICY: ContactPolicy = {
  version: 0,
  allowedFrom: '08:00',
  allowedUntil: '19:00',
  weekdays: EVERY_DAY,
  holidays: [],
  maxPerDay: undefined,
  lateAfterMinutes: 720,
  laterAnswerReplaces: false,
};

type ContactHours = Pick<ContactPolicy, 'allowedFrom' | 'allowedUntil' | 'weekdays'>;

export const POLICY_PRESETS = {
  /** Reserve Bank of India, recovery agents: 8 to 19. */
  'collections-in': { allowedFrom: '08:00', allowedUntil: '19:00', weekdays: EVERY_DAY },
  /** Fair Debt Collection Practices Act: 8 to 21. */
  'collections-us': { allowedFrom: '08:00', allowedUntil: '21:00', weekdays: EVERY_DAY },
  'business-hours': { allowedFrom: '09:00', allowedUntil: '18:00', weekdays: [1, 2, 3, 4, 5] },
} as const satisfies Record<string, ContactHours>;
export type PolicyPreset = keyof typeof POLICY_PRESETS;

/** How far ahead the next allowed day may lie; a policy that keeps silent for longer is refused. */
const DAYS_AHEAD = 400;
const MINUTE_MS = 60_000;

/** Whether the customer's clock and calendar show an allowed time. */
export function isContactable(policy: ContactPolicy, zone: string, instant: Date): boolean {
  const time = localTime(instant, zone);
  return isContactDay(policy, localDate(instant, zone)) && policy.allowedFrom <= time && time < policy.allowedUntil;
}

export function isContactDay(
  { weekdays, holidays }: Pick<ContactPolicy, 'weekdays' | 'holidays'>,
  day: CalendarDate,
): boolean {
  return weekdays.includes(weekdayOf(day)) && !holidays.includes(day);
}

/**
 * The first instant from `now` on at which a customer may be contacted: `now` itself inside the hours. Answers are kept for the
 * minute: a sweep asks the same for each customer of a zone.
 */
export function contactableAt(policy: ContactPolicy, zone: string, now: Date): Date {
  const minute = Math.floor(now.getTime() / MINUTE_MS);
  const byZone = answers.get(policy) ?? new Map<string, Answer>();
  answers.set(policy, byZone);
  let answer = byZone.get(zone);
  if (answer?.minute !== minute) {
    answer = { minute, opensAt: isContactable(policy, zone, now) ? undefined : opening(policy, zone, now) };
    byZone.set(zone, answer);
  }
  return answer.opensAt ?? now;
}

interface Answer {
  readonly minute: number;
  /** Undefined: it is open. */
  readonly opensAt: Date | undefined;
}

const answers = new WeakMap<ContactPolicy, Map<string, Answer>>();

function opening(policy: ContactPolicy, zone: string, now: Date): Date {
  let day = localDate(now, zone);
  for (let ahead = 0; ahead <= DAYS_AHEAD; ahead++, day = addDays(day, 1)) {
    if (!isContactDay(policy, day)) continue;
    // The hours begin when the clock comes to the hour, the second time too, or when it is set from outside of them to inside.
    const opens = [...instantsAt(day, policy.allowedFrom, zone), ...clockChangesOn(day, zone)]
      .filter((at) => at > now && isContactable(policy, zone, at))
      .sort((a, b) => a.getTime() - b.getTime())[0];
    if (opens) return opens;
  }
  throw new Error('This policy allows no contact: it should have been refused');
}

/** Whether there is, from any day on, an allowed day within reach of `contactableAt`. */
export function allowsContact(policy: Omit<ContactPolicy, 'version'>): boolean {
  if (policy.allowedFrom >= policy.allowedUntil || policy.weekdays.length === 0) return false;
  let walkedTo = '' as CalendarDate | '';
  for (const holiday of [...policy.holidays].sort()) {
    if (walkedTo !== '' && holiday <= walkedTo) continue;
    let day = holiday;
    for (let silent = 0; !isContactDay(policy, day); silent++, day = addDays(day, 1))
      if (silent >= DAYS_AHEAD - 7) return false;
    walkedTo = day;
  }
  return true;
}

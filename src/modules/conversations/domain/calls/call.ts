/** One word of the provider about a call. */
export interface CallEvent {
  /** connect, ringing, accepted, rejected, terminate ... */
  readonly state: string;
  /** RFC 3339, the provider's time. */
  readonly at: string;
  /** COMPLETED or FAILED. */
  readonly outcome?: string;
  readonly startedAt?: string;
  readonly endedAt?: string;
  readonly durationS?: number;
}

/** What the events of a call say together. */
export interface CallSummary {
  readonly state: string;
  readonly startedAt: Date | null;
  readonly endedAt: Date | null;
  readonly durationS: number | null;
}

const ENDS: readonly string[] = ['rejected', 'terminate'];
/** How far a call has come with each word; one that is not known here has come least. */
const STAGES: readonly (readonly string[])[] = [['connect', 'ringing'], ['accepted'], ENDS];

/** The events with one more, unless it is known. */
export function withEvent(events: readonly CallEvent[], event: CallEvent): readonly CallEvent[] {
  return events.some(({ state, at }) => state === event.state && at === event.at) ? events : [...events, event];
}

/** A function of the set of events: their order and repetition do not matter. */
export function summaryOf(events: readonly CallEvent[]): CallSummary {
  const times = (of: (event: CallEvent) => string | undefined): Date | null => {
    const found = events.flatMap((event) => of(event) ?? []).map((at) => Date.parse(at));
    return found.length === 0 ? null : new Date(Math.min(...found));
  };
  const durations = events.flatMap(({ durationS }) => durationS ?? []);
  return {
    state: lastOf(events)?.state ?? 'unknown',
    startedAt: times(({ startedAt }) => startedAt) ?? times(({ state, at }) => (state === 'accepted' ? at : undefined)),
    endedAt: times(({ endedAt }) => endedAt) ?? times(({ state, at }) => (state === 'terminate' ? at : undefined)),
    durationS: durations.length === 0 ? null : Math.max(...durations),
  };
}

/** A customer called, and nobody took it: it has ended, or was rejected, and never began. */
export function isMissed(
  direction: 'INBOUND' | 'OUTBOUND',
  { state, startedAt, durationS }: Pick<CallSummary, 'state' | 'startedAt' | 'durationS'>,
): boolean {
  return direction === 'INBOUND' && ENDS.includes(state) && startedAt === null && (durationS ?? 0) === 0;
}

/** The one of the farthest stage, of several the latest; of one instant the one whose word comes last in the alphabet. */
function lastOf(events: readonly CallEvent[]): CallEvent | undefined {
  const stage = ({ state }: CallEvent): number => STAGES.findIndex((states) => states.includes(state));
  return [...events].sort(
    (a, b) => stage(b) - stage(a) || Date.parse(b.at) - Date.parse(a.at) || (a.state < b.state ? 1 : -1),
  )[0];
}

import type { FlowPosition } from './flow-graph.js';

/** Automatic steps of one conversation within a minute. */
const PER_MINUTE = 20;
const MINUTE_MS = 60_000;
/** The same step so often in a row, so quickly, is no person's doing. */
const IN_A_ROW = 5;
const ROW_MS = 10_000;
/** An autoresponder may take its time: so often in a row, each within a minute of the one before, whatever the step, and the same step. */
const UNBROKEN = 60;
const SAME_UNBROKEN = 10;
/** So often a restart word sets going again what the guard stopped. */
const RESET_EVERY_MS = 60 * 60_000;

/**
 * Whether one more step would be part of a talk between two programs: the 21st within a minute, the fifth time the same within ten seconds, and
 * of steps that follow each other within a minute the tenth time the same, or the 61st.
 */
export function isLoop(position: FlowPosition, key: string, now: Date): boolean {
  const { stepsTakenAt, stepsUnbroken } = position;
  const since = (milliseconds: number): number => now.getTime() - milliseconds;
  if (stepsTakenAt.filter((at) => at.getTime() > since(MINUTE_MS)).length >= PER_MINUTE) return true;
  const row = rowOf(position, key);
  const fast = row.at(1 - IN_A_ROW);
  if (fast && fast.getTime() > since(ROW_MS)) return true;
  if (!followsTheLast(position, now)) return false;
  return stepsUnbroken >= UNBROKEN || (stepsUnbroken >= SAME_UNBROKEN - 1 && row.length >= SAME_UNBROKEN - 1);
}

/** Whether the last that the flow did was to withhold a step: nobody but a person, or time, sets it going again. */
function isStopped({ withheldAt, stepsTakenAt }: FlowPosition): boolean {
  const last = stepsTakenAt.at(-1);
  return withheldAt !== undefined && (last === undefined || withheldAt >= last);
}

/** Whether a restart word does not set going again what was stopped: it did so within the hour, and there was another loop. */
export function ignoresRestarts(position: FlowPosition, now: Date): boolean {
  return isStopped(position) && !mayReset(position, now);
}

/** A restart word comes: where the guard stands in the way, it counts from the beginning. Two programs are stopped again, and then for good. */
export function withRestart(position: FlowPosition, now: Date): FlowPosition {
  const isInTheWay = isStopped(position) || isLoop(position, position.stepsTaken.at(-1) ?? '', now);
  if (!isInTheWay || !mayReset(position, now)) return position;
  return {
    ...position,
    stepsTakenAt: [],
    stepsTaken: [],
    stepsUnbroken: 0,
    withheldAt: undefined,
    guardResetAt: now,
  };
}

/** The steps taken with one more, as far back as the guard looks. */
export function withStepTaken(
  position: FlowPosition,
  key: string,
  now: Date,
): Pick<FlowPosition, 'stepsTakenAt' | 'stepsTaken' | 'stepsUnbroken'> {
  const { stepsTakenAt, stepsTaken, stepsUnbroken } = position;
  return {
    stepsTakenAt: [...stepsTakenAt, now].slice(-PER_MINUTE),
    stepsTaken: [...stepsTaken, key].slice(-PER_MINUTE),
    stepsUnbroken: followsTheLast(position, now) ? stepsUnbroken + 1 : 1,
  };
}

function mayReset({ guardResetAt }: FlowPosition, now: Date): boolean {
  return guardResetAt === undefined || guardResetAt.getTime() + RESET_EVERY_MS <= now.getTime();
}

/** Times of the last steps, as long as they were this one. */
function rowOf({ stepsTakenAt, stepsTaken }: FlowPosition, key: string): readonly Date[] {
  return stepsTakenAt.slice(stepsTaken.findLastIndex((taken) => taken !== key) + 1);
}

function followsTheLast({ stepsTakenAt }: FlowPosition, now: Date): boolean {
  const last = stepsTakenAt.at(-1);
  return last !== undefined && now.getTime() - last.getTime() <= MINUTE_MS;
}

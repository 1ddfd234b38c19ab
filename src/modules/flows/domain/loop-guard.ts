import type { FlowPosition } from './flow-graph.js';

/** Automatic steps of one conversation within a minute. */
const PER_MINUTE = 20;
const MINUTE_MS = 60_000;
/** The same step so often in a row, so quickly, is no person's doing. */
const IN_A_ROW = 5;
const ROW_MS = 10_000;

/** Whether one more step would be part of a talk between two programs: the 21st within a minute, or the fifth time the same within ten seconds. */
export function isLoop({ stepsTakenAt, stepsTaken }: FlowPosition, key: string, now: Date): boolean {
  const since = (milliseconds: number): number => now.getTime() - milliseconds;
  if (stepsTakenAt.filter((at) => at.getTime() > since(MINUTE_MS)).length >= PER_MINUTE) return true;
  const others = IN_A_ROW - 1;
  const row = stepsTaken.slice(-others);
  const began = stepsTakenAt.at(-others);
  return row.length === others && row.every((taken) => taken === key) && began!.getTime() > since(ROW_MS);
}

/** Whether the last that the flow did was to withhold a step: nobody but a person, or time, sets it going again. */
export function isStopped({ withheldAt, stepsTakenAt }: FlowPosition): boolean {
  const last = stepsTakenAt.at(-1);
  return withheldAt !== undefined && (last === undefined || withheldAt >= last);
}

/** The steps taken with one more, as far back as the guard looks. */
export function withStepTaken(
  { stepsTakenAt, stepsTaken }: FlowPosition,
  key: string,
  now: Date,
): Pick<FlowPosition, 'stepsTakenAt' | 'stepsTaken'> {
  return {
    stepsTakenAt: [...stepsTakenAt, now].slice(-PER_MINUTE),
    stepsTaken: [...stepsTaken, key].slice(-PER_MINUTE),
  };
}

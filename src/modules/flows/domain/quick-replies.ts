import type { FlowBranch } from './flow-step.js';

/**
 * The position of each branch among the buttons of a template, from 0: its own, or else the first that nothing else has.
 * @param valued positions of buttons that take a value
 */
export function positionsOf(branches: readonly FlowBranch[], valued: readonly number[]): readonly number[] {
  const taken = new Set([...valued, ...branches.flatMap(({ index }) => index ?? [])]);
  return branches.map(({ index }) => {
    if (index !== undefined) return index;
    let free = 0;
    while (taken.has(free)) free++;
    taken.add(free);
    return free;
  });
}

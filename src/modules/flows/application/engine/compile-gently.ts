import { setImmediate } from 'node:timers/promises';
import type { FlowGraph } from '../../domain/flow-graph.js';
import { preparing } from '../../domain/rule-match.js';

/** Milliseconds at a time that are spent on patterns: everybody else waits for that long (F57). */
const SPELL = 10;

/** Compiles the patterns of a flow, and lets others go on in between. */
export function compileGently(graph: FlowGraph): Promise<void> {
  return gently(preparing(graph));
}

/** Goes through work bit by bit. */
export async function gently(work: Iterator<void>): Promise<void> {
  let since = performance.now();
  while (!work.next().done) {
    if (performance.now() - since < SPELL) continue;
    await setImmediate();
    since = performance.now();
  }
}

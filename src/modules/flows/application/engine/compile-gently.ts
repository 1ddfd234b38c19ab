import { setImmediate } from 'node:timers/promises';
import type { FlowGraph } from '../../domain/flow-graph.js';
import { preparing } from '../../domain/rule-match.js';
import type { Work } from '../../domain/work.js';

/** Milliseconds at a time that are spent on such work: everybody else waits for that long (F57). */
const SPELL = 10;

/** Compiles the patterns of a flow, and lets others go on in between. */
export async function compileGently(graph: FlowGraph): Promise<void> {
  await gently(preparing(graph));
}

/** Does work bit by bit. */
export async function gently<Result>(work: Work<Result>): Promise<Result> {
  let since = performance.now();
  for (;;) {
    const { done, value } = work.next();
    if (done) return value;
    if (performance.now() - since < SPELL) continue;
    await setImmediate();
    since = performance.now();
  }
}

/**
 * Rules over long texts (F57): 200 regular expressions of a merchant, ordinary ones and ones that are made to be slow, each tried on texts of
 * 64 KB that none of them matches. The goal is 10 ms a text. Needs no database.
 */
import { join } from 'node:path';
import { ROOT } from '../scripts/child.ts';
import type { FlowGraph } from '../src/modules/flows/domain/flow-graph.js';

const RULES = Number(process.env.BENCH_RULES ?? 200);
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 50);
const LENGTH = 65_536;

const path = join(ROOT, process.env.BENCH_DIST ?? 'dist/src', 'modules/flows/domain/rule-match.js');
const { preparing, ruleFor } = (await import(path)) as typeof import('../src/modules/flows/domain/rule-match.js');

const ORDINARY = [
  '\\b(order|bill)\\s*#?_\\d+\\b',
  '^(balance|due)_( of)? .*$',
  '(pay|paid) ?(rs|inr)? ?_[0-9]{2,6}',
  'words?_',
];
const SLOW = [
  '(a+)+_$',
  '(a|aa)+_$',
  '(.*a){20}_',
  '(.*)(.*)(.*)(.*)x_',
  '(a?){30}a{30}_',
  '(\\pL{3,20}){3}_!',
  '(x+x+)+y_',
];
const TEXTS = {
  words: 'please send me my bill for the last month thank you '.repeat(LENGTH / 52),
  same: 'a'.repeat(LENGTH),
  bits: Array.from({ length: LENGTH }, (_, index) => ((index * 7919) >> 3) & 1).join(''),
};

for (const [kind, patterns] of Object.entries({ ordinary: ORDINARY, slow: SLOW })) {
  const graph = graphOf(patterns);
  const started = performance.now();
  const compiled = Array.from(preparing(graph)).length;
  console.log(`${compiled} ${kind} rules compiled in ${(performance.now() - started).toFixed(1)} ms, by spells of 10`);
  for (const [name, text] of Object.entries(TEXTS)) {
    const cold = timed(graph, text);
    const warm = Array.from({ length: ROUNDS }, () => timed(graph, text)).sort((a, b) => a - b);
    const [median, most] = [warm[ROUNDS >> 1]!, warm.at(-1)!];
    console.log(
      `${RULES} ${kind} rules, ${name}: first ${cold.toFixed(1)} ms, median ${median.toFixed(1)} ms, most ${most.toFixed(1)} ms`,
    );
  }
}

/** Each rule is another one: nothing is found in a cache. */
function graphOf(patterns: readonly string[]): FlowGraph {
  const rules = Array.from({ length: RULES }, (_, index) => ({
    id: `r${index}`,
    match: { type: 'regex' as const, values: [patterns[index % patterns.length]!.replace('_', `q${index}`)] },
    action: { type: 'send_template' as const, templateKey: 't' },
  }));
  return { version: 1, steps: [], rules, restartWords: [] };
}

function timed(graph: FlowGraph, text: string): number {
  const started = performance.now();
  ruleFor(graph, text);
  return performance.now() - started;
}

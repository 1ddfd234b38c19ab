/**
 * Rules over long texts (F57): 200 regular expressions of each of several merchants, ordinary ones and ones that are made to be slow, each tried on
 * texts of 64 KB, of several scripts, that none of them matches; the merchants write in turn. The goals are 10 ms a text, and that nobody else
 * waits for more than 50 ms, neither for a text nor while patterns are compiled. Times are of the processor, and so is the first lag, the longest that
 * this thread worked without a turn of the event loop: other work on the machine does not count. The second lag is by the clock. Needs no database.
 */
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setImmediate } from 'node:timers/promises';
import { ROOT } from '../scripts/child.ts';
import type { FlowGraph } from '../src/modules/flows/domain/flow-graph.js';

const RULES = Number(process.env.BENCH_RULES ?? 200);
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 20);
const MERCHANTS = Number(process.env.BENCH_MERCHANTS ?? 8);
const LENGTH = 65_536;

const flows = join(ROOT, process.env.BENCH_DIST ?? 'dist/src', 'modules/flows');
const { patternBytes, ruleFor } = (await import(
  join(flows, 'domain/rule-match.js')
)) as typeof import('../src/modules/flows/domain/rule-match.js');
const { compileGently } = (await import(
  join(flows, 'application/engine/compile-gently.js')
)) as typeof import('../src/modules/flows/application/engine/compile-gently.js');

/** What stands at `_` is another one in each rule: none is found in a cache. */
const KINDS = {
  ordinary: [
    '\\b(order|bill)\\s*#?_\\d+\\b',
    '^(balance|due)_( of)? .*$',
    '(pay|paid) ?(rs|inr)? ?_[0-9]{2,6}',
    'words?_',
    '(मेरा|मेरी) ?(बिल|खाता)_',
  ],
  slow: [
    '(a+)+_$',
    '(a|aa)+_$',
    '(.*a){20}_',
    '(.*)(.*)(.*)(.*)x_',
    '(a?){30}a{30}_',
    '(\\pL{3,20}){3}_!',
    '(x+x+)+y_',
    '(\\w+\\s?)*_$',
  ],
  'wide and slow': ['\\pL{1,30}x_', '\\b[\\pL\\pM]+_ \\pN{1,20}$', '(?:\\pL+ ){3}_', '[^\\pL\\pZ]{1,40}_'],
  refused: ['\\pL{1,200}x_', '(a|b).{200}c_', '([01]*1[01]{12})+z_', '[ab]*a[ab]{120}c_', '(\\pL{1,60}a){2}!_'],
};
const TEXTS = {
  English: repeated('please send me my bill for the last month thank you '),
  Hindi: repeated('कृपया मुझे पिछले महीने का मेरा बिल भेजिए, धन्यवाद। '),
  Arabic: repeated('من فضلك أرسل لي فاتورة الشهر الماضي، شكرًا لك. '),
  Chinese: repeated('请把上个月的账单发给我，谢谢。'),
  'all scripts': repeated(letters()),
  'one letter': repeated('a'),
  bits: Array.from({ length: LENGTH }, (_, index) => ((index * 7919) >> 3) & 1).join(''),
};

console.log(`| rules | compiled, ms | lag, ms | KB | ${Object.keys(TEXTS).join(' | ')} | lag, ms |`);
console.log(`|---|---|---|---|${'---|'.repeat(Object.keys(TEXTS).length)}---|`);
for (const [kind, patterns] of Object.entries(KINDS)) {
  const graphs = Array.from({ length: MERCHANTS }, (_, merchant) => graphOf(patterns, merchant));
  const started = processor();
  const lagOfCompiling = await longestLag(async () => {
    for (const graph of graphs) await compileGently(graph);
  });
  const compiled = (processor() - started) / MERCHANTS;
  const tried: string[] = [];
  const lagOfTexts = await longestLag(async () => {
    for (const text of Object.values(TEXTS)) tried.push(await timed(graphs, text));
  });
  const bytes = graphs.reduce((sum, graph) => sum + patternBytes(graph), 0) / MERCHANTS;
  const cells = [compiled.toFixed(0), lagOfCompiling, (bytes / 1024).toFixed(0), ...tried, lagOfTexts];
  console.log(`| ${RULES} ${kind} | ${cells.join(' | ')} |`);
}

function graphOf(patterns: readonly string[], merchant: number): FlowGraph {
  const rules = Array.from({ length: RULES }, (_, index) => ({
    id: `r${index}`,
    match: {
      type: 'regex' as const,
      values: [patterns[index % patterns.length]!.replace('_', `q${merchant}w${index}`)],
    },
    action: { type: 'send_template' as const, templateKey: 't' },
  }));
  return { version: 1, steps: [], rules, restartWords: [] };
}

function repeated(words: string): string {
  return words.repeat(Math.ceil(LENGTH / words.length)).slice(0, LENGTH);
}

/** One letter of each script and kind, so that no two that follow each other are of one class. */
function letters(): string {
  const all = Array.from({ length: 0xd7ff }, (_, character) => String.fromCharCode(character + 1));
  return all.filter((letter, at) => at % 53 === 0 && letter.normalize('NFKC') === letter).join('');
}

/** @returns the longest of the first times that the merchants' customers write it, the median, and the longest of all, in ms */
async function timed(graphs: readonly FlowGraph[], text: string): Promise<string> {
  const taken: number[] = [];
  for (let round = 0; round < ROUNDS; round++)
    for (const graph of graphs) {
      const started = processor();
      ruleFor(graph, text);
      taken.push(processor() - started);
      await setImmediate();
    }
  const first = Math.max(...taken.slice(0, MERCHANTS));
  const sorted = taken.sort((a, b) => a - b);
  return [first, sorted[sorted.length >> 1]!, sorted.at(-1)!].map((ms) => ms.toFixed(1)).join(' / ');
}

/** For how long whoever else has something to do has waited at most while work was done, in ms: by the processor, and by the clock. */
async function longestLag(work: () => Promise<void>): Promise<string> {
  const lag = monitorEventLoopDelay({ resolution: 1 });
  lag.enable();
  let [longest, last, isOver] = [0, processor(), false];
  const turns = (async () => {
    while (!isOver) {
      await setImmediate();
      longest = Math.max(longest, processor() - last);
      last = processor();
    }
  })();
  await work();
  isOver = true;
  await turns;
  await new Promise((resolve) => setTimeout(resolve, 5));
  lag.disable();
  return `${longest.toFixed(1)} (${(lag.max / 1e6).toFixed(0)})`;
}

/** What this thread has had of a processor, in ms. */
function processor(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

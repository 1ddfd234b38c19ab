import type { FlowGraph, FlowRule } from './flow-graph.js';
import { fold } from './fold.js';
import { ruleFor } from './rule-match.js';

/** Words that begin anew where the merchant names none of their own. */
export const RESTART_WORDS: readonly string[] = ['restart', 'start over', 'main menu'];
/** Words of the house's for its menu: where a merchant's rule has one of them, a restart leads there too. */
const GREETINGS = ['hi', 'hello', 'menu', 'start'];
/** Longer texts are sentences. */
const LONGEST = 200;

const words = new WeakMap<FlowGraph, ReadonlySet<string>>();
const OF_THE_HOUSE = setOf(RESTART_WORDS);

/**
 * Whether a text begins anew, whatever comes before: one of the merchant's words, else of `RESTART_WORDS`. Read as greetings are: "Start over!!"
 * @param flow undefined: the merchant has none
 */
export function isRestart(flow: FlowGraph | undefined, text: string): boolean {
  return text.length <= LONGEST && wordsOf(flow).has(bare(text));
}

/** The merchant's rule for greetings; undefined: the house's menu answers them. */
export function greetingRule(flow: FlowGraph): FlowRule | undefined {
  for (const greeting of GREETINGS) {
    const rule = ruleFor(flow, greeting);
    if (rule) return rule;
  }
  return undefined;
}

/** A version never changes, so its words are made once. */
function wordsOf(flow: FlowGraph | undefined): ReadonlySet<string> {
  if (!flow || flow.restartWords.length === 0) return OF_THE_HOUSE;
  let made = words.get(flow);
  if (!made) words.set(flow, (made = setOf(flow.restartWords)));
  return made;
}

function setOf(some: readonly string[]): ReadonlySet<string> {
  return new Set(some.map(bare).filter((word) => word !== ''));
}

/** Letters and figures alone, unless there are none: a merchant's word may be "#". */
function bare(text: string): string {
  const folded = fold(text);
  return fold(folded.replace(/\ufe0f|[^\p{L}\p{M}\p{N}]+/gu, ' ')) || folded;
}

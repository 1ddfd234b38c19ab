import type { Automaton } from './automaton.js';
import type { FlowGraph, FlowRule, RuleMatch } from './flow-graph.js';
import { RegexRefused } from './flow-errors.js';
import { fold, plainText } from './fold.js';
import { compiling, isWhole, occursIn } from './patterns.js';
import { atOnce, type Work } from './work.js';

/** Characters of a text that rules look at, and so many of its plain form, which may be many times as long; WhatsApp's texts have no more (F57). */
const LOOKED_AT = 4096;

/** A text as rules see it, made once for all of them. */
interface Said {
  readonly plain: string;
  readonly folded: string;
}

type Test = (said: Said) => boolean;

/** Patterns of a version by their source. One that was kept before a limit was lowered is refused: it matches nothing, and the lint shows it. */
type Patterns = ReadonlyMap<string, Automaton | undefined>;

interface Prepared {
  readonly rules: readonly { readonly rule: FlowRule; readonly matches: Test }[];
  readonly patterns: Patterns;
}

/** What a version's rules and questions need, made once and kept as long as the version, which never changes. */
const prepared = new WeakMap<FlowGraph, Prepared>();

/** The first rule that matches a text, in their order (S2.39). */
export function ruleFor(graph: FlowGraph, text: string): FlowRule | undefined {
  const plain = plainText(text.slice(0, LOOKED_AT)).slice(0, LOOKED_AT);
  const said = { plain, folded: fold(plain) };
  return preparedOf(graph).rules.find(({ matches }) => matches(said))?.rule;
}

/** Whether an answer is of a pattern of the flow, whole. */
export function isAnswer(graph: FlowGraph, pattern: string, answer: string): boolean {
  const automaton = preparedOf(graph).patterns.get(pattern);
  return automaton !== undefined && isWhole(automaton, answer);
}

/** Compiles a version's patterns, so that whoever reads a big flow can let others go on in between. */
export function* preparing(graph: FlowGraph): Work<Prepared> {
  const known = prepared.get(graph);
  if (known) return known;
  const patterns = new Map<string, Automaton | undefined>();
  for (const source of sourcesIn(graph)) patterns.set(source, yield* compilingUnlessRefused(source));
  const made = { patterns, rules: graph.rules.map((rule) => ({ rule, matches: testOf(rule.match, patterns) })) };
  prepared.set(graph, made);
  return made;
}

/** About what a version's compiled patterns take in memory. */
export function patternBytes(graph: FlowGraph): number {
  return [...preparedOf(graph).patterns.values()].reduce((sum, pattern) => sum + (pattern?.bytes ?? 0), 0);
}

function preparedOf(graph: FlowGraph): Prepared {
  return atOnce(preparing(graph));
}

function sourcesIn({ rules, steps }: FlowGraph): ReadonlySet<string> {
  const ofRules = rules.flatMap(({ match }) => (match.type === 'regex' ? match.values : []));
  const ofQuestions = steps.flatMap(({ collects }) => collects?.pattern ?? []);
  return new Set([...ofRules, ...ofQuestions]);
}

function testOf({ type, values }: RuleMatch, patterns: Patterns): Test {
  if (type === 'regex') {
    const usable = values.flatMap((value) => patterns.get(value) ?? []);
    return ({ plain }) => usable.some((pattern) => occursIn(pattern, plain));
  }
  // An empty value would be part of every text.
  const wanted = values.map(fold).filter((value) => value !== '');
  if (type === 'equals') return ({ folded }) => wanted.includes(folded);
  return ({ folded }) => wanted.some((value) => folded.includes(value));
}

function* compilingUnlessRefused(source: string): Work<Automaton | undefined> {
  try {
    return yield* compiling(source);
  } catch (error) {
    if (error instanceof RegexRefused) return undefined;
    throw error;
  }
}

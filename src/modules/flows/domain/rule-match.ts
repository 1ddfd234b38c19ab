import type { FlowGraph, FlowRule, RuleMatch } from './flow-graph.js';
import { RegexRefused } from './flow-errors.js';
import { fold, plainText } from './fold.js';
import { occursIn } from './patterns.js';

/** Characters of a text that rules look at; WhatsApp's texts have no more (F57). */
const LOOKED_AT = 4096;

/** A text as rules see it, made once for all of them. */
interface Said {
  readonly plain: string;
  readonly folded: string;
}

type Test = (said: Said) => boolean;

/** Tests of a version's rules, made once: the version never changes. */
const tests = new WeakMap<FlowGraph, readonly { readonly rule: FlowRule; readonly matches: Test }[]>();

/** The first rule that matches a text, in their order (S2.39). */
export function ruleFor(graph: FlowGraph, text: string): FlowRule | undefined {
  const plain = plainText(text.slice(0, LOOKED_AT));
  const said = { plain, folded: fold(plain) };
  return testsOf(graph).find(({ matches }) => matches(said))?.rule;
}

/** Compiles a version's patterns one by one, so that whoever reads a big flow can let others go on in between. */
export function* preparing({ rules, steps }: FlowGraph): Generator<void, void, undefined> {
  const ofRules = rules.flatMap(({ match }) => (match.type === 'regex' ? match.values : []));
  const ofQuestions = steps.flatMap(({ collects }) => collects?.pattern ?? []);
  for (const pattern of [...ofRules, ...ofQuestions]) {
    occurs(pattern, '');
    yield;
  }
}

/** Whether the text is one of these words, whole. */
export function isWord(words: readonly string[], text: string): boolean {
  return text.length <= LOOKED_AT && words.some((word) => word.trim() !== '' && fold(word) === fold(text));
}

function testsOf(graph: FlowGraph): readonly { readonly rule: FlowRule; readonly matches: Test }[] {
  let made = tests.get(graph);
  if (!made) {
    made = graph.rules.map((rule) => ({ rule, matches: testOf(rule.match) }));
    tests.set(graph, made);
  }
  return made;
}

function testOf({ type, values }: RuleMatch): Test {
  if (type === 'regex') return ({ plain }) => values.some((value) => occurs(value, plain));
  // An empty value would be part of every text.
  const wanted = values.map(fold).filter((value) => value !== '');
  if (type === 'equals') return ({ folded }) => wanted.includes(folded);
  return ({ folded }) => wanted.some((value) => folded.includes(value));
}

/** A pattern that was kept before a limit was lowered matches nothing; the lint shows it. */
function occurs(pattern: string, text: string): boolean {
  try {
    return occursIn(pattern, text);
  } catch (error) {
    if (error instanceof RegexRefused) return false;
    throw error;
  }
}

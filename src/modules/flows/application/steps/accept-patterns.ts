import { FlowRefused } from '../../domain/lint/authoring-errors.js';
import { checkPatternCount } from '../../domain/lint/check-flow.js';
import { compiling } from '../../domain/patterns.js';
import type { Work } from '../../domain/work.js';
import { gently } from '../engine/compile-gently.js';
import type { FlowChanges } from './flow-changes.js';

/**
 * Compiles the patterns that changes bring, and lets others go on in between. The first that is refused ends it: none costs as much as one that
 * is found to be too much (F57). What was compiled is remembered, so whoever does it before a transaction spares it there.
 * @throws RegexRefused, FlowRefused when there are more than a flow may have
 */
export async function acceptPatterns(changes: FlowChanges): Promise<void> {
  const patterns = patternsIn(changes);
  const tooMuch = checkPatternCount(patterns.length);
  if (tooMuch.length > 0) throw new FlowRefused(tooMuch);
  await gently(compilingAll(patterns));
}

function* compilingAll(patterns: readonly string[]): Work {
  for (const pattern of patterns) yield* compiling(pattern);
}

function patternsIn({ create, put, replace, patch, rules, upsertRules }: FlowChanges): string[] {
  const steps = [create, put, replace, patch?.map(({ change }) => change)].flatMap((some) => [...(some ?? [])]);
  const ofQuestions = steps.flatMap(({ collects }) => collects?.pattern ?? []);
  const ofRules = [...(rules ?? []), ...(upsertRules ?? [])].flatMap(({ match }) =>
    match.type === 'regex' ? match.values : [],
  );
  return [...ofQuestions, ...ofRules];
}

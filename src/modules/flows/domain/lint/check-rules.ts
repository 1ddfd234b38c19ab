import type { FlowGraph, FlowRule } from '../flow-graph.js';
import { fold } from '../fold.js';
import type { Finding, FindingPlace } from './finding.js';
import { checkPattern } from './local-finding.js';

/**
 * What rules match, and which of them never have a text because an earlier one takes it (S2.39). Nothing is yielded where one may pause: each
 * value is looked for in all that come before it.
 */
export function* checkRules({ rules, restartWords }: FlowGraph): Generator<Finding | undefined, void, undefined> {
  const ids = new Set<string>();
  const earlier = new Earlier();
  for (const rule of rules) {
    if (ids.has(rule.id))
      yield {
        severity: 'error',
        code: 'DUPLICATE_RULE_ID',
        where: { ruleId: rule.id, field: 'id' },
        message: `Two rules have the id ${rule.id}.`,
      };
    ids.add(rule.id);
    for (const [index, value] of rule.match.values.entries()) {
      yield* checkValue(rule, value, { ruleId: rule.id, field: `match.values[${index}]` }, earlier);
      yield undefined;
    }
    earlier.add(rule);
  }
  for (const [index, word] of restartWords.entries())
    if (fold(word) === '') yield saysNothing({ field: `restartWords[${index}]` });
}

function* checkValue(
  { match }: FlowRule,
  value: string,
  where: FindingPlace,
  earlier: Earlier,
): Generator<Finding, void, undefined> {
  if (match.type === 'regex') {
    for (const { field, ...finding } of checkPattern(where.field!, value))
      yield { ...finding, where: { ...where, field } };
    return;
  }
  const folded = fold(value);
  if (folded === '') return yield saysNothing(where);
  const taker = earlier.takerOf(match.type, folded);
  if (taker !== undefined)
    yield {
      severity: 'warning',
      code: 'RULE_SHADOWED',
      where,
      message: `"${value}" is never looked at: rule ${taker} stands before it and takes the same texts.`,
    };
}

function saysNothing(where: FindingPlace): Finding {
  return { severity: 'error', code: 'RULE_MATCHES_NOTHING', where, message: 'It says nothing, so it matches nothing.' };
}

/** The rules that stand before one, by what they take. Patterns are not looked at: what they take is not known without a text. */
class Earlier {
  readonly #equals = new Map<string, string>();
  readonly #contains = new Map<string, string>();

  /** Id of a rule that has every text which this value would match. */
  takerOf(type: 'equals' | 'contains', folded: string): string | undefined {
    const same = type === 'equals' ? this.#equals.get(folded) : undefined;
    return same ?? [...this.#contains].find(([part]) => folded.includes(part))?.[1];
  }

  add({ id, match: { type, values } }: FlowRule): void {
    if (type === 'regex') return;
    const known = type === 'equals' ? this.#equals : this.#contains;
    for (const value of values) {
      const folded = fold(value);
      if (folded !== '' && !known.has(folded)) known.set(folded, id);
    }
  }
}

import type { FlowGraph, FlowRule } from '../flow-graph.js';
import type { FlowStep } from '../flow-step.js';
import type { Finding, FindingPlace } from './finding.js';
import type { Surroundings } from './surroundings.js';

/** STOP comes before the flow (D8): a rule for such a word never has it, and whoever taps a button that says it is written to no more. */
export function checkStopWords(
  { steps, rules, restartWords }: FlowGraph,
  { isStopWord }: Pick<Surroundings, 'isStopWord'>,
): Finding[] {
  const words = [
    ...steps.flatMap(wordsOfStep),
    ...rules.flatMap(wordsOfRule),
    ...restartWords.map((word, index) => ({ word, where: { field: `restartWords[${index}]` } })),
  ];
  return words
    .filter(({ word }) => isStopWord(word))
    .map(({ word, where }) => ({
      severity: 'warning',
      code: 'STOP_WORD',
      where,
      message: `"${word}" is heard as the wish to be written to no more: it never leads to a step.`,
    }));
}

interface Word {
  readonly word: string;
  readonly where: FindingPlace;
}

/** What a tap brings: the id of the button and what it says, in any language. */
function wordsOfStep({ key, branches, translations }: FlowStep): Word[] {
  const word = (text: string, field: string): Word => ({ word: text, where: { templateKey: key, field } });
  return [
    ...branches.flatMap(({ id, title }, index) => [
      word(title, `buttons[${index}].title`),
      word(id, `buttons[${index}].id`),
    ]),
    ...Object.entries(translations).flatMap(([language, { titles = {} }]) =>
      Object.entries(titles).map(([id, title]) => word(title, `translations.${language}.titles.${id}`)),
    ),
  ];
}

/** Only the whole of a text is such a word. */
function wordsOfRule({ id, match: { type, values } }: FlowRule): Word[] {
  if (type !== 'equals') return [];
  return values.map((word, index) => ({ word, where: { ruleId: id, field: `match.values[${index}]` } }));
}

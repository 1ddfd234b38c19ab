import { jest } from '@jest/globals';
import * as fc from 'fast-check';
import { RE2JS } from 're2js';
import type { FlowGraph, RuleMatch } from './flow-graph.js';
import type { FlowStep } from './flow-step.js';
import { fold } from './fold.js';
import { isAnswer, ruleFor } from './rule-match.js';

function graph(...matches: RuleMatch[]): FlowGraph {
  const rules = matches.map((match, index) => ({
    id: `r${index}`,
    match,
    action: { type: 'send_template' as const, templateKey: 't' },
  }));
  return { version: 1, steps: [], rules, restartWords: [] };
}
const matches = (match: RuleMatch, text: string): boolean => ruleFor(graph(match), text) !== undefined;

describe('A rule recognises a text (S2.4, S2.39)', () => {
  it('equals: the whole text, in any spelling', () => {
    const match: RuleMatch = { type: 'equals', values: ['Pay  Now', 'हाँ'] };
    for (const text of ['pay now', ' PAY\n\tNOW ', 'ｐａｙ ｎｏｗ', 'हाँ']) expect(matches(match, text)).toBe(true);
    for (const text of ['pay now!', 'paynow', 'please pay now', '']) expect(matches(match, text)).toBe(false);
  });

  it('contains: a part of it', () => {
    const match: RuleMatch = { type: 'contains', values: ['Bill', ' '] };
    expect(matches(match, 'where is my BILL?')).toBe(true);
    expect(matches(match, 'where is it?')).toBe(false);
  });

  it('regex: by RE2; a pattern that is refused matches nothing', () => {
    expect(matches({ type: 'regex', values: ['(?=x)', 'order +[0-9]+'] }, 'Order   12')).toBe(true);
    expect(matches({ type: 'regex', values: ['(?=x)'] }, 'x')).toBe(false);
  });

  it('a question with a pattern that is refused takes no answer, and goes on asking', () => {
    const collects = { as: 'number', pattern: '(?=x)', nextTemplateKey: 't' };
    const asking = { ...graph(), steps: [{ key: 'ask', collects } as unknown as FlowStep] };
    expect(isAnswer(asking, '(?=x)', 'x')).toBe(false);
  });

  it('looks at so many characters, also where each of them stands for eighteen (F57)', () => {
    const long = 'ﷺ'.repeat(4096);
    expect(matches({ type: 'contains', values: ['صلى'] }, long)).toBe(true);
    expect(matches({ type: 'contains', values: ['pay'] }, `${'ﷺ'.repeat(300)}pay`)).toBe(false);
  });

  it('compiles the patterns of a version once, however many merchants write in turn (F57)', () => {
    const ofMerchant = (merchant: number) =>
      graph({ type: 'regex', values: Array.from({ length: 200 }, (_, rule) => `m${merchant}r${rule}`) });
    const graphs = Array.from({ length: 6 }, (_, merchant) => ofMerchant(merchant));
    const compile = jest.spyOn(RE2JS, 'compile');
    for (const one of [...graphs, ...graphs, ...graphs]) ruleFor(one, 'hello');
    expect(compile).toHaveBeenCalledTimes(1200);
    compile.mockRestore();
  });

  it('gives the message to the first that matches', () => {
    const two = graph({ type: 'contains', values: ['pay'] }, { type: 'equals', values: ['pay'] });
    expect(ruleFor(two, 'pay')?.id).toBe('r0');
  });

  it('guesses nothing: no values, no match (S2.20)', () => {
    for (const type of ['equals', 'contains', 'regex'] as const) {
      expect(matches({ type, values: [] }, 'hello')).toBe(false);
      expect(matches({ type, values: ['', '  '] }, '   ')).toBe(false);
    }
  });

  it('survives any text and any value', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (value, text) => {
        const folded = matches({ type: 'equals', values: [value] }, text);
        if (folded) expect(matches({ type: 'contains', values: [value] }, text)).toBe(true);
        expect(matches({ type: 'equals', values: [value] }, `  ${value}\n`)).toBe(fold(value) !== '');
      }),
    );
  });
});

import * as fc from 'fast-check';
import type { FlowGraph, FlowPosition } from './flow-graph.js';
import type { FlowBranch, FlowStep } from './flow-step.js';
import { ignoresRestarts } from './loop-guard.js';
import type { FlowInput, Move } from './move.js';
import { beginning } from './position.js';
import { fallBack, take } from './take.js';

const T0 = new Date('2026-11-21T10:00:00Z');
const after = (seconds: number): Date => new Date(T0.getTime() + seconds * 1000);

function step(key: string, more: Partial<FlowStep> = {}): FlowStep {
  return {
    key,
    kind: 'text',
    body: key,
    branches: [],
    language: 'en',
    translations: {},
    handsOff: false,
    isActive: true,
    ...more,
  };
}
function branch(id: string, nextTemplateKey?: string, more: Partial<FlowBranch> = {}): FlowBranch {
  return { id, title: id, ...(nextTemplateKey !== undefined && { nextTemplateKey }), ...more };
}
function rule(id: string, word: string, templateKey: string): FlowGraph['rules'][number] {
  return { id, match: { type: 'equals', values: [word] }, action: { type: 'send_template', templateKey } };
}
const text = (said: string, isGreeting = false): FlowInput => ({ type: 'text', text: said, isGreeting });
const tap = (id: string): FlowInput => ({ type: 'tap', id });

const V1: FlowGraph = {
  version: 1,
  steps: [
    step('menu', {
      kind: 'interactive_button',
      branches: [
        branch('b_ask', 'ask', { nextState: 'asking' }),
        branch('b_end'),
        branch('b_off', 'off'),
        branch('b_lost', 'nowhere'),
      ],
    }),
    step('ask', { collects: { as: 'account', pattern: '\\d+', nextTemplateKey: 'thanks', nextState: 'done' } }),
    step('thanks'),
    step('off', { isActive: false }),
    step('person', { handsOff: true, branches: [branch('b_back', 'menu')] }),
    step('fallback'),
  ],
  rules: [rule('r_menu', 'menu', 'menu'), rule('r_off', 'off', 'off'), rule('r_person', 'person', 'person')],
  fallbackTemplateKey: 'fallback',
  restartWords: ['restart'],
};
/** The same, with other words behind the button. */
const V2: FlowGraph = {
  ...V1,
  version: 2,
  steps: V1.steps.map((one) =>
    one.key === 'menu' ? { ...one, branches: [branch('b_ask', 'thanks'), branch('b_new', 'thanks')] } : one,
  ),
};
const at = (lastTemplateKey: string | undefined, more: Partial<FlowPosition> = {}): FlowPosition => ({
  ...beginning(1),
  lastTemplateKey,
  openKey: lastTemplateKey,
  ...more,
});
const sentKey = (move: Move): string | undefined => (move.type === 'send' ? move.step.key : undefined);

describe('A tap comes first (S2.31, S2.39)', () => {
  it('leads from the button to its step, and keeps the state that it names', () => {
    const move = take(V1, V1, at('menu'), tap('b_ask'), T0);
    expect(move).toMatchObject({
      type: 'send',
      step: { key: 'ask' },
      edge: { version: 1, fromKey: 'menu', edge: 'b_ask' },
      position: { lastTemplateKey: 'ask', state: 'asking', stepsTaken: ['ask'], stepsTakenAt: [T0] },
    });
  });

  it('ends where a branch leads nowhere, and says nothing', () => {
    expect(take(V1, V1, at('menu', { state: 'x' }), tap('b_end'), T0)).toMatchObject({
      type: 'ended',
      edge: { edge: 'b_end' },
      position: { lastTemplateKey: undefined, state: 'x' },
    });
  });

  it('belongs to the step that is open if two have the same id, else to any', () => {
    const twice: FlowGraph = {
      ...V1,
      steps: [
        step('first', { branches: [branch('same', 'menu')] }),
        step('last', { branches: [branch('same', 'thanks')] }),
        ...V1.steps,
      ],
    };
    expect(sentKey(take(twice, twice, at('last'), tap('same'), T0))).toBe('thanks');
    expect(sentKey(take(twice, twice, at('thanks'), tap('same'), T0))).toBe('menu');
  });

  it('is nobody of the flow’s when no step has the button', () => {
    const position = at('menu');
    expect(take(V1, V1, position, tap('CHECK_CURRENT_DUE'), T0)).toEqual({ type: 'none', position });
  });
});

describe('What is missing or switched off is neither sent nor branched to (S2.33, S2.100)', () => {
  it.each(['b_off', 'b_lost'])('%s leads to the fallback', (id) => {
    expect(take(V1, V1, at('menu'), tap(id), T0)).toMatchObject({
      type: 'send',
      step: { key: 'fallback' },
      edge: { edge: 'fallback' },
    });
  });

  it('holds for rules, and at once for who stands in an older version', () => {
    expect(sentKey(take(V1, V1, undefined, text('off'), T0))).toBe('fallback');
    const off = { ...V2, steps: V2.steps.map((one) => (one.key === 'ask' ? { ...one, isActive: false } : one)) };
    const gone = { ...V2, steps: V2.steps.filter(({ key }) => key !== 'ask') };
    for (const newest of [off, gone]) expect(sentKey(take(V1, newest, at('menu'), tap('b_ask'), T0))).toBe('fallback');
  });

  it('without a fallback is nothing', () => {
    const bare = (({ fallbackTemplateKey: _, ...others }) => others)(V1);
    expect(take(bare, bare, at('menu'), tap('b_off'), T0).type).toBe('none');
    expect(fallBack(bare, bare, at('menu'), T0).type).toBe('none');
  });
});

describe('A conversation goes on with the version that it began with (D16)', () => {
  it('while there is something to be answered', () => {
    expect(take(V1, V2, at('menu'), tap('b_ask'), T0)).toMatchObject({
      step: { key: 'ask' },
      position: { flowVersion: 1 },
    });
  });

  it('also after the fallback has said that it did not understand, unless that asks something itself', () => {
    const told = fallBack(V1, V2, at('menu'), T0);
    expect(told).toMatchObject({ position: { flowVersion: 1, lastTemplateKey: 'fallback', openKey: 'menu' } });
    expect(take(V1, V2, told.position, tap('b_ask'), after(20))).toMatchObject({ step: { key: 'ask' } });
    const asking = { ...V1, fallbackTemplateKey: 'menu' };
    expect(fallBack(asking, asking, at('ask'), T0)).toMatchObject({ position: { openKey: 'menu' } });
  });

  it('finds newer buttons all the same', () => {
    expect(take(V1, V2, at('menu'), tap('b_new'), T0)).toMatchObject({
      step: { key: 'thanks' },
      position: { flowVersion: 2 },
    });
  });

  it.each([
    ['has ended', undefined],
    ['has come to a step without an answer', 'thanks'],
    ['is with a person', 'person'],
  ])('and goes over to the newest once it %s', (_, key) => {
    expect(take(V1, V2, at(key), tap('b_ask'), T0)).toMatchObject({
      step: { key: 'thanks' },
      position: { flowVersion: 2 },
    });
    expect(take(V1, V2, at(key), text('menu'), T0)).toMatchObject({ position: { flowVersion: 2 } });
  });
});

describe('Words that begin anew always work', () => {
  it('also while something is asked for: the place, the state and the answers are forgotten', () => {
    const position = at('ask', { state: 'asking', answers: { a: 'b' }, stepsTaken: ['ask'], stepsTakenAt: [T0] });
    expect(take(V1, V2, position, text(' Restart '), after(1))).toMatchObject({
      type: 'send',
      step: { key: 'menu' },
      edge: { edge: 'restart' },
      position: { flowVersion: 2, state: 'default', answers: {}, stepsTaken: ['ask', 'menu'] },
    });
  });

  it('go by the rule for the word, else where greetings lead, else to the house’s menu; never to the fallback', () => {
    const ruled = { ...V1, rules: [...V1.rules, rule('r_restart', 'restart', 'thanks')] };
    expect(take(ruled, ruled, at('ask'), text('restart'), T0)).toMatchObject({
      step: { key: 'thanks' },
      edge: { edge: 'r_restart' },
    });
    const greets = { ...V1, rules: [rule('r_hi', 'hello', 'thanks'), ...V1.rules] };
    expect(sentKey(take(greets, greets, at('ask'), text('restart'), T0))).toBe('thanks');
    const bare = { ...V1, rules: [] };
    expect(take(bare, bare, at('ask', { answers: { a: 'b' } }), text('restart'), T0)).toMatchObject({
      type: 'menu',
      edge: { edge: 'restart' },
      position: { openKey: undefined, answers: {}, stepsTakenAt: [T0] },
    });
    const off = { ...V1, rules: [rule('r_hi', 'hi', 'off')] };
    expect(take(off, off, at('ask'), text('restart'), T0).type).toBe('menu');
  });

  it('have the next of these said where one cannot be, and nothing of what was', () => {
    const both = { ...V1, rules: [rule('r_restart', 'restart', 'thanks'), rule('r_hi', 'hi', 'menu')] };
    const move = take(both, both, at('ask', { answers: { a: 'b' } }), text('restart'), T0);
    expect(move).toMatchObject({
      step: { key: 'thanks' },
      otherwise: { step: { key: 'menu' }, edge: { edge: 'restart' }, otherwise: { type: 'menu' } },
    });
    const greeting = take(both, both, at('ask', { answers: { a: 'b' } }), text('hi', true), T0);
    expect(greeting).toMatchObject({
      step: { key: 'menu' },
      otherwise: { step: { key: 'fallback' }, position: { openKey: 'fallback', answers: {} } },
    });
    expect(greeting).toMatchObject({
      otherwise: { otherwise: { type: 'none', position: { openKey: undefined, answers: {} } } },
    });
  });

  it('are the house’s where the merchant names none, whatever they are written like', () => {
    const unnamed = { ...V1, restartWords: [] };
    for (const said of ['restart', 'START OVER!', 'start-over 🙏', ' Main  menu. ', 'Ｒｅｓｔａｒｔ'])
      expect(sentKey(take(unnamed, unnamed, at('ask'), text(said), T0))).toBe('menu');
    const own = { ...V1, restartWords: ['Again', '#'] };
    expect(sentKey(take(own, own, at('ask'), text('“again!!”'), T0))).toBe('menu');
    expect(sentKey(take(own, own, at('ask'), text('#'), T0))).toBe('menu');
    for (const said of ['start over', 'again and again', '*', '', '...', `again${'!'.repeat(500)}`])
      expect(sentKey(take(own, own, at('ask'), text(said), T0))).toBe('ask');
  });

  it('a greeting is the house’s, unless a rule wants it', () => {
    const position = at('ask', { answers: { a: 'b' } });
    expect(take(V1, V1, position, text('hi', true), T0)).toMatchObject({
      type: 'none',
      position: { lastTemplateKey: undefined, answers: {} },
    });
    const greets = { ...V1, rules: [rule('r_hi', 'hi', 'menu')] };
    expect(take(greets, greets, position, text('Hi', true), T0)).toMatchObject({
      step: { key: 'menu' },
      position: { answers: {} },
    });
  });
});

describe('A step may ask for an answer in words', () => {
  it('which is kept by its name, and leads on', () => {
    expect(take(V1, V1, at('ask'), text('  12   34 '), T0)).toMatchObject({
      edge: { edge: 'invalid' },
      step: { key: 'ask' },
    });
    expect(take(V1, V1, at('ask'), text(' 1234 '), T0)).toMatchObject({
      step: { key: 'thanks' },
      edge: { fromKey: 'ask', edge: 'collects' },
      position: { lastTemplateKey: 'thanks', state: 'done', answers: { account: '1234' } },
    });
  });

  it('comes before the rules', () => {
    const any = {
      ...V1,
      steps: V1.steps.map((one) =>
        one.key === 'ask' ? step('ask', { collects: { as: 'word', nextTemplateKey: 'thanks' } }) : one,
      ),
    };
    expect(take(any, any, at('ask'), text('menu'), T0)).toMatchObject({ position: { answers: { word: 'menu' } } });
    expect(take(any, any, at('ask'), text('   '), T0)).toMatchObject({ edge: { edge: 'invalid' } });
  });

  it('goes on asking after a step that says what is wrong', () => {
    const told = {
      ...V1,
      steps: [
        ...V1.steps.filter(({ key }) => key !== 'ask'),
        step('wrong'),
        step('ask', { collects: { as: 'n', pattern: '\\d', nextTemplateKey: 'thanks', invalidTemplateKey: 'wrong' } }),
      ],
    };
    expect(take(told, told, at('ask'), text('x'), T0)).toMatchObject({
      step: { key: 'wrong' },
      position: { lastTemplateKey: 'wrong', openKey: 'ask', stepsTaken: ['wrong'] },
    });
  });
});

describe('Two programs do not talk for ever', () => {
  const nonsense = (position: FlowPosition | undefined, now: Date): Move => fallBack(V1, V1, position, now);

  it('the same step goes out four times in a row within ten seconds, not five', () => {
    let position: FlowPosition | undefined;
    for (const second of [0, 1, 2, 3]) {
      const move = nonsense(position, after(second));
      expect(move.type).toBe('send');
      position = move.position;
    }
    expect(nonsense(position, after(4))).toEqual({
      type: 'withheld',
      reason: 'loop',
      position: { ...position, withheldAt: after(4) },
    });
    expect(nonsense(position, after(10)).type).toBe('send');
  });

  /** What becomes of a program that says these in turn, so many seconds apart. */
  const talk = (words: readonly string[], count: number, seconds: number): Move[] => {
    let position: FlowPosition | undefined;
    return Array.from({ length: count }, (_, index) => {
      const said = words[index % words.length]!;
      const heard = take(V1, V1, position, text(said), after(index * seconds));
      const move = heard.type === 'none' ? nonsense(heard.position, after(index * seconds)) : heard;
      position = move.position;
      return move;
    });
  };
  const typesOf = (moves: readonly Move[]): string[] => moves.map(({ type }) => type);

  it('twenty steps go out within a minute, whatever happens between them', () => {
    const moves = talk(['menu', 'person', 'nonsense'], 30, 1);
    expect(typesOf(moves).filter((type) => type === 'send')).toHaveLength(20);
    expect(typesOf(moves.slice(20)).every((type) => type === 'withheld')).toBe(true);
    expect(take(V1, V1, moves.at(-1)!.position, text('menu'), after(61)).type).toBe('send');
  });

  it.each([6, 15, 60])(
    'nine times the same step goes out to an autoresponder that writes every %d seconds',
    (seconds) => {
      expect(typesOf(talk(['I am away'], 30, seconds)).indexOf('withheld')).toBe(9);
    },
  );

  it('and sixty steps to one that says this and that', () => {
    expect(typesOf(talk(['menu', 'I am away'], 100, 30)).indexOf('withheld')).toBe(60);
  });

  it('a person who takes more than a minute is heard for ever', () => {
    expect(typesOf(talk(['what'], 200, 61)).every((type) => type === 'send')).toBe(true);
  });

  it('a restart word sets going again what was withheld, so that a person is heard; once an hour, so that two programs are not', () => {
    const stopped = talk(['nonsense'], 5, 1).at(-1)!.position;
    const again = take(V1, V1, stopped, text('restart'), after(6));
    expect(again).toMatchObject({
      step: { key: 'menu' },
      position: { stepsTaken: ['menu'], withheldAt: undefined, guardResetAt: after(6) },
    });
    expect(take(V1, V1, again.position, tap('b_ask'), after(7))).toMatchObject({ step: { key: 'ask' } });
    let [position, sent] = [stopped, 0];
    for (let second = 6; second < 3600; second++) {
      if (ignoresRestarts(position, after(second))) continue;
      const move = take(V1, V1, position, text('restart'), after(second));
      if (move.type === 'send') sent++;
      position = move.position;
    }
    expect(sent).toBe(4);
    expect(ignoresRestarts(position, after(3606))).toBe(false);
  });
});

describe('Whatever is said and tapped', () => {
  const input = fc.oneof(
    fc.constantFrom('menu', 'off', 'person', 'restart', '12', 'what').map((said) => text(said)),
    fc.constantFrom('hi').map((said) => text(said, true)),
    fc.constantFrom('b_ask', 'b_end', 'b_off', 'b_lost', 'b_new', 'b_back', 'other').map(tap),
  );

  it('only active steps of the flow are sent, the position names what was sent, and nothing is ever thrown', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(input, fc.integer({ min: 0, max: 20 }), fc.boolean())), (inputs) => {
        let [position, now, newest]: [FlowPosition | undefined, Date, FlowGraph] = [undefined, T0, V1];
        for (const [given, seconds, publishes] of inputs) {
          now = new Date(now.getTime() + seconds * 1000);
          if (publishes) newest = V2;
          const graph: FlowGraph = position?.flowVersion === 2 ? V2 : position ? V1 : newest;
          const move: Move = take(graph, newest, position, given, now);
          if (move.type === 'send') {
            expect(newest.steps.find(({ key }) => key === move.step.key)?.isActive).toBe(true);
            expect(move.position.lastTemplateKey).toBe(move.step.key);
            expect(move.position.stepsTaken.at(-1)).toBe(move.step.key);
          }
          expect(move.position.stepsTaken.length).toBe(move.position.stepsTakenAt.length);
          expect(move.position.stepsTaken.length).toBeLessThanOrEqual(20);
          expect(move.position.flowVersion).toBeLessThanOrEqual(newest.version);
          position = move.position;
        }
      }),
    );
  });
});

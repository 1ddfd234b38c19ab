import * as fc from 'fast-check';
import type { TenantId } from '../../src/kernel/ids.js';
import type { InboundMessage } from '../../src/modules/messaging/index.js';
import type { FlowGraph, FlowPosition } from '../../src/modules/flows/domain/flow-graph.js';
import type { FlowStep } from '../../src/modules/flows/domain/flow-step.js';
import { ignoresRestarts } from '../../src/modules/flows/domain/loop-guard.js';
import type { FlowInput, Move } from '../../src/modules/flows/domain/move.js';
import { cleared } from '../../src/modules/flows/domain/position.js';
import { fallBack, take } from '../../src/modules/flows/domain/take.js';
import { Inbox } from '../conversations/inbox.js';
import { graphOf, publish, step } from './flows.js';

const KEYS = ['s0', 's1', 's2', 's3', 's4'];
const WORDS = ['one', 'two', '12', 'again'];
const SECOND = 1000;
const DAY = 24 * 3600 * SECOND;
const PAUSE = 60 * 60 * SECOND;
const MENU = 'Welcome to No-Due! Please select an option below:';
const FROM = { waId: '919876543210', profileName: 'Asha' };

/** Something happens. `reordered`: two texts arrive, the later one first. */
type Act =
  | { readonly act: 'text'; readonly text: string; readonly after: number; readonly isTwice: boolean }
  | {
      readonly act: 'tap';
      readonly id: string;
      readonly wamid: string | undefined;
      readonly after: number;
      readonly isTwice: boolean;
    }
  | { readonly act: 'reordered'; readonly texts: readonly [string, string]; readonly after: number }
  | { readonly act: 'publish' };

const key = fc.constantFrom(...KEYS, 'nowhere');
const maybe = <T>(some: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(some, { nil: undefined });

function steps(): fc.Arbitrary<FlowStep[]> {
  const next = fc.record({ next: maybe(key), state: maybe(fc.constantFrom('x', 'y')) });
  return fc.tuple(...KEYS.map((name) => oneStep(name, next))).map((all) => [...all, step('fallback')]);
}

function oneStep(
  name: string,
  next: fc.Arbitrary<{ next: string | undefined; state: string | undefined }>,
): fc.Arbitrary<FlowStep> {
  return fc
    .record({
      branches: fc.array(next, { maxLength: 3 }),
      collects: maybe(fc.record({ next: key, pattern: maybe(fc.constant('\\d+')), invalid: maybe(key) })),
      isActive: fc.integer({ min: 0, max: 9 }).map((dice) => dice > 0),
      handsOff: fc.integer({ min: 0, max: 9 }).map((dice) => dice === 0),
    })
    .map(({ branches, collects, ...flags }) =>
      step(name, {
        ...flags,
        kind: branches.length > 0 ? 'interactive_button' : 'text',
        branches: branches.map(({ next: nextTemplateKey, state }, index) => ({
          id: `${name}.${index}`,
          title: `Button ${index}`,
          ...(nextTemplateKey !== undefined && { nextTemplateKey }),
          ...(state !== undefined && { nextState: state }),
        })),
        ...(collects && {
          collects: {
            as: `said_${name}`,
            nextTemplateKey: collects.next,
            ...(collects.pattern !== undefined && { pattern: collects.pattern }),
            ...(collects.invalid !== undefined && { invalidTemplateKey: collects.invalid }),
          },
        }),
      }),
    );
}

function graph(version: number): fc.Arbitrary<FlowGraph> {
  const rule = fc.record({ word: fc.constantFrom(...WORDS, 'hi'), templateKey: key });
  return fc.record({ all: steps(), rules: fc.array(rule, { maxLength: 3 }) }).map(({ all, rules }) =>
    graphOf({
      version,
      steps: all,
      rules: rules.map(({ word, templateKey }, index) => ({
        id: `r${index}`,
        match: { type: 'equals', values: [word] },
        action: { type: 'send_template', templateKey },
      })),
      fallbackTemplateKey: 'fallback',
      restartWords: ['again'],
    }),
  );
}

function acts(): fc.Arbitrary<Act[]> {
  const word = fc.constantFrom(...WORDS, ...WORDS, 'hi', 'nonsense');
  const after = fc.oneof(
    { weight: 20, arbitrary: fc.constantFrom(2, 3, 20).map((seconds) => seconds * SECOND) },
    { weight: 1, arbitrary: fc.constantFrom(PAUSE, DAY) },
  );
  const isTwice = fc.integer({ min: 0, max: 4 }).map((dice) => dice === 0);
  const id = fc.tuple(fc.constantFrom(...KEYS), fc.nat(2)).map(([name, index]) => `${name}.${index}`);
  const wamid = maybe(fc.constantFrom('wamid.shown.1', 'wamid.shown.2'));
  return fc.array(
    fc.oneof(
      { weight: 5, arbitrary: fc.record({ act: fc.constant('text' as const), text: word, after, isTwice }) },
      { weight: 8, arbitrary: fc.record({ act: fc.constant('tap' as const), id, wamid, after, isTwice }) },
      {
        weight: 1,
        arbitrary: fc.record({ act: fc.constant('reordered' as const), texts: fc.tuple(word, word), after }),
      },
      { weight: 1, arbitrary: fc.record({ act: fc.constant('publish' as const) }) },
    ),
    { minLength: 8, maxLength: 25 },
  );
}

/** One conversation as the pure engine has it, with what stands around it: the session, the silence for people, taps that were answered. */
class Model {
  readonly sent: { key: string; wamid: string }[] = [];
  position: FlowPosition | undefined;
  #movedAt = 0;
  #sessionUntil = 0;
  #pausedAt = -1;
  #pausedUntil = 0;
  #taps: string[] = [];

  constructor(
    private readonly versions: readonly [FlowGraph, FlowGraph],
    public newest: FlowGraph,
  ) {}

  hear(input: FlowInput, wamid: string, writtenAt: Date, now: Date, tap: string | undefined): void {
    if (now.getTime() < this.#pausedUntil) {
      const isRestart = input.type === 'text' && input.text === 'again';
      if (!isRestart || (this.position && ignoresRestarts(this.position, now))) return;
      this.#pausedUntil = 0;
    }
    const isNew = this.#sessionUntil <= now.getTime();
    if (isNew) {
      this.#taps = [];
      if (this.position && this.#movedAt + DAY <= now.getTime())
        this.#stand(cleared(this.position, this.newest.version), now);
    }
    this.#sessionUntil = now.getTime() + DAY;
    const [graph, before] = [this.#graph, this.#open];
    const move = take(graph, this.newest, before, input, writtenAt);
    if (tap !== undefined && this.#taps.includes(tap)) return;
    if (move.type === 'menu') this.#stand(move.position, now);
    else if (move.type === 'none' && before && !sameStand(before, move.position)) this.#stand(move.position, now);
    if (move.type === 'menu' || (move.type === 'none' && input.type === 'text' && input.isGreeting)) {
      this.#taps = [];
      this.sent.push({ key: MENU, wamid });
      return;
    }
    const made = move.type === 'none' ? fallBack(graph, this.newest, before, writtenAt) : move;
    this.#do(made, wamid, now);
    if (tap !== undefined && made.type !== 'withheld') this.#taps = [...this.#taps, tap].slice(-20);
  }

  /** Who takes over a conversation takes with it what was asked there. */
  get #open(): FlowPosition | undefined {
    return this.position && this.#pausedAt >= this.#movedAt ? { ...this.position, openKey: undefined } : this.position;
  }

  get #graph(): FlowGraph {
    return this.position ? this.versions[this.position.flowVersion - 1]! : this.newest;
  }

  #do(move: Move, wamid: string, now: Date): void {
    if (move.type === 'none') return;
    this.#stand(move.position, now);
    if (move.type === 'withheld') this.#pause(now);
    if (move.type !== 'send') return;
    this.sent.push({ key: move.step.key, wamid });
    if (move.step.handsOff) this.#pause(now);
  }

  #pause(now: Date): void {
    this.#pausedAt = now.getTime();
    this.#pausedUntil = now.getTime() + PAUSE;
  }

  #stand(position: FlowPosition, now: Date): void {
    this.position = position;
    this.#movedAt = now.getTime();
  }
}

function sameStand(a: FlowPosition, b: FlowPosition): boolean {
  return (
    a.lastTemplateKey === b.lastTemplateKey &&
    a.openKey === b.openKey &&
    a.state === b.state &&
    JSON.stringify(a.answers) === JSON.stringify(b.answers)
  );
}

describe('The engine does what its pure model does', () => {
  let inbox: Inbox;
  beforeAll(async () => {
    inbox = await Inbox.open();
  }, 120_000);
  afterAll(() => inbox.close());

  it('whatever flow, whatever is written and tapped, twice and out of order: the same state, one answer a message (S2.6, S2.10, S2.11, S2.17, S2.31, S2.68)', async () => {
    let answers = 0;
    await fc.assert(
      fc.asyncProperty(graph(1), graph(2), acts(), async (first, second, all) => {
        const { tenantId: tenant } = await inbox.merchant();
        await publish(inbox, tenant, first);
        const model = new Model([first, second], first);
        for (const act of all) {
          if (act.act === 'publish') {
            if (model.newest === first) await publish(inbox, tenant, second);
            model.newest = second;
          } else await play(inbox, tenant, model, act);
          expect(await standing(inbox, tenant)).toEqual(expected(model.position));
        }
        const answered = await automatic(inbox, tenant);
        expect(answered).toEqual(model.sent);
        expect(new Set(answered.map(({ wamid }) => wamid)).size).toBe(answered.length);
        answers += model.sent.length;
      }),
      { numRuns: 25 },
    );
    // Flows that are always silent would prove nothing.
    expect(answers).toBeGreaterThan(50);
  }, 600_000);
});

async function play(
  inbox: Inbox,
  tenant: TenantId,
  model: Model,
  act: Exclude<Act, { act: 'publish' }>,
): Promise<void> {
  inbox.clock.advance(act.after);
  if (act.act !== 'reordered') return hear(inbox, tenant, model, messageOf(inbox, act), act.isTwice);
  const [earlier, later] = act.texts.map((text) => inbox.message(FROM, text)) as [InboundMessage, InboundMessage];
  await hear(inbox, tenant, model, later, false);
  await hear(inbox, tenant, model, { ...earlier, sentAt: new Date(later.sentAt.getTime() - SECOND) }, false);
}

async function hear(
  inbox: Inbox,
  tenant: TenantId,
  model: Model,
  message: InboundMessage,
  isTwice: boolean,
): Promise<void> {
  const { body, wamid, contextWamid, sentAt } = message;
  await inbox.arrive(tenant, message);
  // A message that is delivered twice is stored once: its transaction fails as a whole.
  if (isTwice) await expect(inbox.arrive(tenant, message)).rejects.toThrow();
  const input: FlowInput =
    body.type === 'tap'
      ? { type: 'tap', id: body.id }
      : {
          type: 'text',
          text: body.type === 'text' ? body.text : '',
          isGreeting: body.type === 'text' && body.text === 'hi',
        };
  const tap = body.type === 'tap' && contextWamid ? `${contextWamid}/${body.id}` : undefined;
  model.hear(input, wamid, sentAt, inbox.clock.now(), tap);
}

function messageOf(inbox: Inbox, act: Extract<Act, { act: 'text' | 'tap' }>): InboundMessage {
  if (act.act === 'text') return inbox.message(FROM, act.text);
  const body = { type: 'tap', source: 'button', id: act.id, title: 'Button' } as const;
  return inbox.message(FROM, body, act.wamid === undefined ? {} : { contextWamid: act.wamid });
}

/** What automation sent the customer, whoever in it answered, and to which of their messages. */
async function automatic(inbox: Inbox, tenant: TenantId): Promise<{ key: string; wamid: string }[]> {
  const answers = await inbox.answers(tenant);
  return answers.map(({ content, idempotency_key: once }) => ({
    key: 'body' in content && typeof content.body === 'string' ? content.body : '',
    wamid: /^(?:auto-reply:(.*)|reply:(.*):\d+)$/.exec(once)?.slice(1).join('') ?? once,
  }));
}

async function standing(inbox: Inbox, tenant: TenantId): Promise<object> {
  const [row] = await inbox.sql<object>(
    tenant,
    `select flow_version as version, last_template_key as last, open_key as open, state, answers, steps_taken as taken from flow_position`,
  );
  return row ?? {};
}

function expected(position: FlowPosition | undefined): object {
  if (!position) return {};
  const { flowVersion, lastTemplateKey, openKey, state, answers, stepsTaken } = position;
  return {
    version: flowVersion,
    last: lastTemplateKey ?? null,
    open: openKey ?? null,
    state,
    answers,
    taken: stepsTaken,
  };
}

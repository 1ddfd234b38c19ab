import { consentWordIn, isGreeting } from '../../../conversations/index.js';
import { ContentRefused, type MessageContent } from '../../../messaging/index.js';
import { MissingVariables } from '../../domain/flow-errors.js';
import type { FlowGraph, FlowPosition } from '../../domain/flow-graph.js';
import { isStopped } from '../../domain/loop-guard.js';
import type { FlowInput, Move } from '../../domain/move.js';
import { beginning } from '../../domain/position.js';
import { isWord } from '../../domain/rule-match.js';
import { fallBack, take } from '../../domain/take.js';
import { render } from '../engine/render.js';
import { check } from './check-expectation.js';
import { said } from './said.js';
import type { TranscriptLine, Trial, TrialMessage, TrialNote } from './transcript.js';

/** A customer takes so long for each message: the guard against loops lets people pass. */
const PACE_MS = 15_000;

/** The customer of a trial. */
export interface Listener {
  readonly language: string | undefined;
  /** By whole name; those of answers come from the trial itself. */
  readonly values: ReadonlyMap<string, string>;
}

/**
 * Plays messages through a flow by the engine itself, on paper: nothing is sent or written. What the house answers beside the flow is named,
 * not played; its intents may take a text before the fallback does.
 */
export function play(flow: FlowGraph, messages: readonly TrialMessage[], listener: Listener, startsAt: Date): Trial {
  const stage = new Stage(flow, listener);
  const rounds = messages.map((message, round) => {
    const lines = stage.hear(message, new Date(startsAt.getTime() + round * PACE_MS));
    return { message, lines };
  });
  const checks = rounds.flatMap(({ message: { expect }, lines }, message) =>
    expect === undefined ? [] : [{ message, ...check(expect, lines.at(-1)!) }],
  );
  return {
    transcript: rounds.flatMap(({ lines }) => lines),
    checks,
    passed: checks.every(({ passed }) => passed),
  };
}

class Stage {
  #position: FlowPosition;
  #isWithPeople = false;
  /** Buttons on the customer's screen, newest first. */
  #buttons: readonly { readonly id: string; readonly title: string }[] = [];

  constructor(
    private readonly flow: FlowGraph,
    private readonly listener: Listener,
  ) {
    this.#position = beginning(flow.version);
  }

  hear(message: TrialMessage, now: Date): readonly TranscriptLine[] {
    const input = this.#inputOf(message);
    const title = 'tap' in message ? (this.#buttons.find(({ id }) => id === message.tap)?.title ?? message.tap) : '';
    const [kind, text] = 'tap' in message ? ['tap', title] : ['text', message.text];
    const heard = this.#line({ from: 'customer', kind, text });
    return [heard, ...this.#answer(input, now)];
  }

  #inputOf(message: TrialMessage): FlowInput {
    if ('text' in message) return { type: 'text', text: message.text, isGreeting: isGreeting(message.text) };
    const button = this.#buttons.find(({ title, id }) => title === message.tap || id === message.tap);
    return { type: 'tap', id: button?.id ?? message.tap };
  }

  #answer(input: FlowInput, now: Date): readonly TranscriptLine[] {
    if (isStop(input)) return [this.#silence('house', 'CONSENT_WORD')];
    if (this.#isWithPeople && !this.#isCalledBack(input)) return [this.#silence('flow', 'PEOPLE_ANSWER')];
    this.#isWithPeople = false;
    return this.#make(take(this.flow, this.flow, this.#position, input, now), input, now);
  }

  #isCalledBack(input: FlowInput): boolean {
    return input.type === 'text' && !isStopped(this.#position) && isWord(this.flow.restartWords, input.text);
  }

  #make(move: Move, input: FlowInput, now: Date): readonly TranscriptLine[] {
    switch (move.type) {
      case 'send':
        return this.#send(move, now);
      case 'ended':
        this.#position = move.position;
        return [{ ...this.#silence('flow', 'ENDED'), stepKey: null, edge: move.edge.edge }];
      case 'withheld':
        this.#position = move.position;
        this.#isWithPeople = true;
        return [this.#silence('flow', 'LOOP_WITHHELD')];
      case 'none': {
        this.#position = move.position;
        if (input.type === 'text' && input.isGreeting) return [this.#silence('house', 'HOUSE_MENU')];
        const fallback = fallBack(this.flow, this.flow, this.#position, now);
        return fallback.type === 'none' ? [this.#silence('house', 'NOT_RECOGNISED')] : this.#make(fallback, input, now);
      }
    }
  }

  #send({ step, edge, position }: Extract<Move, { type: 'send' }>, now: Date): readonly TranscriptLine[] {
    const values = new Map(this.listener.values);
    for (const [name, answer] of Object.entries(position.answers)) values.set(`answers.${name}`, answer);
    let content: MessageContent;
    try {
      content = render(step, this.listener.language, values);
    } catch (error) {
      if (!(error instanceof MissingVariables || error instanceof ContentRefused)) throw error;
      const missing = error instanceof MissingVariables ? error.names : [];
      const unsaid = { ...this.#silence('flow', error.code), stepKey: step.key, edge: edge.edge, missing };
      const instead = fallBack(this.flow, this.flow, this.#position, now);
      if (instead.type !== 'send' || instead.step.key === step.key) return [unsaid];
      return [unsaid, ...this.#send(instead, now)];
    }
    this.#position = position;
    this.#isWithPeople = step.handsOff;
    const shown = said(content, step);
    this.#buttons = [...shown.buttons, ...this.#buttons];
    const note = step.handsOff ? 'HANDED_TO_PEOPLE' : null;
    return [this.#line({ from: 'flow', ...shown, stepKey: step.key, edge: edge.edge, note })];
  }

  #silence(from: 'flow' | 'house', note: TrialNote): TranscriptLine {
    return this.#line({ from, kind: 'nothing', text: null, note });
  }

  #line(line: Pick<TranscriptLine, 'from' | 'kind' | 'text'> & Partial<TranscriptLine>): TranscriptLine {
    return { buttons: [], stepKey: null, edge: null, note: null, missing: [], ...line, state: this.#position.state };
  }
}

function isStop(input: FlowInput): boolean {
  const body = input.type === 'text' ? input : ({ type: 'tap', source: 'button', id: input.id, title: '' } as const);
  return consentWordIn(body)?.wish === 'stop';
}

import { consentWordIn, isGreeting, Session } from '../../../conversations/index.js';
import type { InboundBody, MessageContent } from '../../../messaging/index.js';
import { MissingVariables } from '../../domain/flow-errors.js';
import type { FlowGraph, FlowPosition } from '../../domain/flow-graph.js';
import { ignoresRestarts } from '../../domain/loop-guard.js';
import type { FlowInput, Move } from '../../domain/move.js';
import { beginning } from '../../domain/position.js';
import { isRestart } from '../../domain/restart-words.js';
import { fallBack, take } from '../../domain/take.js';
import type { Work } from '../../domain/work.js';
import { render } from '../engine/render.js';
import type { Supplies } from '../engine/supplies.js';
import { isUnsayable } from '../engine/unsayable.js';
import { check } from './check-expectation.js';
import type { ValuesOfAnswers } from './new-books.js';
import { said } from './said.js';
import type { TranscriptLine, Trial, TrialMessage, TrialNote } from './transcript.js';

/** A customer takes so long for each message: the guard against loops lets people pass. */
const PACE_MS = 90_000;

/** The customer of a trial. */
export interface Listener {
  readonly language: string | undefined;
  /** By whole name; those of answers come from the trial itself. */
  readonly values: ReadonlyMap<string, string>;
  /** What is known beside these from STOP on, which opens books on whoever had none. */
  readonly onceStopped: ValuesOfAnswers;
  /** What can be sent of files and templates. */
  readonly supplies: Pick<Supplies, 'check' | 'render'>;
}

/** A button on the customer's screen. */
interface ShownButton {
  readonly id: string;
  readonly title: string;
  readonly source: 'button' | 'template';
  /** Which message shows it; undefined: none does. */
  readonly shownBy: number | undefined;
}

/**
 * Plays messages through a flow by the engine itself, on paper: nothing is sent or written. What the house answers beside the flow is named,
 * not played; its intents may take a text before the fallback does.
 */
export function* play(
  flow: FlowGraph,
  messages: readonly TrialMessage[],
  listener: Listener,
  startsAt: Date,
): Work<Trial> {
  const stage = new Stage(flow, listener, startsAt);
  const rounds: { readonly message: TrialMessage; readonly lines: readonly TranscriptLine[] }[] = [];
  for (const [round, message] of messages.entries()) {
    rounds.push({ message, lines: stage.hear(message, new Date(startsAt.getTime() + round * PACE_MS)) });
    yield;
  }
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
  readonly #session: Session;
  #position: FlowPosition;
  #isWithPeople = false;
  #consent: 'unsaid' | 'stopped' | 'started' = 'unsaid';
  #messages = 0;
  /** Newest first. */
  #buttons: readonly ShownButton[] = [];

  constructor(
    private readonly flow: FlowGraph,
    private readonly listener: Listener,
    startsAt: Date,
  ) {
    this.#position = beginning(flow.version);
    this.#session = Session.begin('trial', startsAt);
  }

  hear(message: TrialMessage, now: Date): readonly TranscriptLine[] {
    if ('text' in message) return [this.#heard('text', message.text), ...this.#hearText(message.text, now)];
    const button = this.#buttonOf(message.tap);
    return [this.#heard('tap', button.title), ...this.#hearTap(button, now)];
  }

  #hearText(text: string, now: Date): readonly TranscriptLine[] {
    if (this.#isCalledBack(text, now)) this.#isWithPeople = false;
    if (this.#isConsent({ type: 'text', text })) return [this.#silence('house', 'CONSENT_WORD')];
    if (this.#isWithPeople) return [this.#silence('flow', 'PEOPLE_ANSWER')];
    const isGreetingWord = isGreeting(text);
    const move = this.#take({ type: 'text', text, isGreeting: isGreetingWord }, now);
    if (move.type !== 'none') return this.#make(move, now);
    this.#position = move.position;
    if (!isGreetingWord) return this.#fallBack(now);
    this.#session.openMenu(now, 0);
    return [this.#silence('house', 'HOUSE_MENU')];
  }

  /** The same tap on the same message is answered once (C58). */
  #hearTap(button: ShownButton, now: Date): readonly TranscriptLine[] {
    const { id, title, source } = button;
    if (this.#isConsent({ type: 'tap', source, id, title })) {
      if (!this.#isWithPeople) this.#noteAnswered(button);
      return [this.#silence('house', 'CONSENT_WORD')];
    }
    if (this.#isWithPeople) return [this.#silence('flow', 'PEOPLE_ANSWER')];
    if (this.#session.hasAnswered(nameOf(button))) return [this.#silence('flow', 'REPEATED_TAP')];
    this.#noteAnswered(button);
    const move = this.#take({ type: 'tap', id }, now);
    if (move.type !== 'none') return this.#make(move, now);
    this.#position = move.position;
    // Others may wait for buttons of approved templates.
    return source === 'template' ? [this.#silence('house', 'NOT_RECOGNISED')] : this.#fallBack(now);
  }

  #noteAnswered(button: ShownButton): void {
    if (button.shownBy !== undefined) this.#session.noteAnswered(nameOf(button));
  }

  #take(input: FlowInput, now: Date): Move {
    return take(this.flow, this.flow, this.#position, input, now);
  }

  /** The house's alone: STOP, and START of whoever has said STOP. */
  #isConsent(body: InboundBody): boolean {
    const wish = consentWordIn(body)?.wish;
    if (wish === 'stop') this.#consent = 'stopped';
    else if (wish === 'start' && this.#consent === 'stopped') this.#consent = 'started';
    else return false;
    return true;
  }

  #isCalledBack(text: string, now: Date): boolean {
    return !ignoresRestarts(this.#position, now) && isRestart(this.flow, text);
  }

  #fallBack(now: Date): readonly TranscriptLine[] {
    const move = fallBack(this.flow, this.flow, this.#position, now);
    return move.type === 'none' ? [this.#silence('house', 'NOT_RECOGNISED')] : this.#make(move, now);
  }

  #make(move: Exclude<Move, { type: 'none' }>, now: Date): readonly TranscriptLine[] {
    if (move.type === 'send') return this.#send(move, now);
    this.#position = move.position;
    if (move.type === 'ended') return [{ ...this.#silence('flow', 'ENDED'), edge: move.edge.edge }];
    if (move.type === 'menu') {
      this.#session.openMenu(now, 0);
      return [{ ...this.#silence('house', 'HOUSE_MENU'), edge: move.edge.edge }];
    }
    this.#isWithPeople = true;
    return [this.#silence('flow', 'LOOP_WITHHELD')];
  }

  #send({ step, edge, position, otherwise }: Extract<Move, { type: 'send' }>, now: Date): readonly TranscriptLine[] {
    let content: MessageContent;
    try {
      content = render(step, this.listener.language, this.#valuesAt(position));
      this.listener.supplies.check(content);
    } catch (error) {
      if (!isUnsayable(error)) throw error;
      const missing = error instanceof MissingVariables ? error.names : [];
      const unsaid = { ...this.#silence('flow', error.code), stepKey: step.key, edge: edge.edge, missing };
      this.#position = otherwise.position;
      return otherwise.type === 'none' ? [unsaid] : [unsaid, ...this.#make(otherwise, now)];
    }
    this.#position = position;
    this.#isWithPeople = step.handsOff;
    const rendered = content.type === 'template' ? this.listener.supplies.render(content) : undefined;
    const shown = said(content, step, rendered);
    this.#show(shown.buttons, content.type === 'template' ? 'template' : 'button');
    const note = step.handsOff ? 'HANDED_TO_PEOPLE' : null;
    return [this.#line({ from: 'flow', ...shown, stepKey: step.key, edge: edge.edge, note })];
  }

  /** A blank is no value (C19). */
  #valuesAt({ answers }: FlowPosition): ReadonlyMap<string, string> {
    const { values, onceStopped } = this.listener;
    const given = Object.entries(answers).map(([name, answer]) => [`answers.${name}`, answer] as const);
    const opened = this.#consent === 'unsaid' ? [] : onceStopped(answers);
    return new Map([...opened, ...values, ...given].filter(([, value]) => value.trim() !== ''));
  }

  #show(buttons: TranscriptLine['buttons'], source: ShownButton['source']): void {
    const shownBy = ++this.#messages;
    this.#buttons = [...buttons.map(({ id, title }) => ({ id, title, source, shownBy })), ...this.#buttons];
  }

  #buttonOf(tap: string): ShownButton {
    const shown = this.#buttons.find(({ id, title }) => title === tap || id === tap);
    return shown ?? { id: tap, title: tap, source: 'button', shownBy: undefined };
  }

  #heard(kind: 'text' | 'tap', text: string): TranscriptLine {
    return this.#line({ from: 'customer', kind, text });
  }

  #silence(from: 'flow' | 'house', note: TrialNote): TranscriptLine {
    return this.#line({ from, kind: 'nothing', text: null, note });
  }

  #line(line: Pick<TranscriptLine, 'from' | 'kind' | 'text'> & Partial<TranscriptLine>): TranscriptLine {
    return { buttons: [], stepKey: null, edge: null, note: null, missing: [], ...line, state: this.#position.state };
  }
}

function nameOf({ shownBy, id }: ShownButton): string {
  return `${shownBy}/${id}`;
}

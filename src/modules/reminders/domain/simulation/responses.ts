import type { Answer } from '../answers/answer.js';

/** What a customer does about a reminder: answers, pays a share of what is open, or wants to hear no more. */
export type Deed = { readonly answer: Answer } | { readonly pay: number } | { readonly stop: true };

export type Response = { readonly afterMinutes: number } & Deed;

/** A reminder that a customer has got. */
export interface ReceivedReminder {
  readonly customerId: string;
  readonly dueId: string;
  /** Of this due, from 1. */
  readonly nth: number;
}

/** How customers are taken to behave: a pure function, so that two runs are the same. */
export type ResponseModel = (received: ReceivedReminder) => readonly Response[];

/** Nobody answers: what the plan alone does. */
export const SILENCE: ResponseModel = () => [];

/** One line of a script: whose customer, due and reminder it is about; what is left out, it holds for all. */
export type ScriptLine = Response & {
  readonly customerId?: string | undefined;
  readonly dueId?: string | undefined;
  readonly onReminder: number;
};

export function scripted(lines: readonly ScriptLine[]): ResponseModel {
  return ({ customerId, dueId, nth }) =>
    lines.filter(
      (line) =>
        line.onReminder === nth &&
        (line.customerId === undefined || line.customerId === customerId) &&
        (line.dueId === undefined || line.dueId === dueId),
    );
}

/** What may come of a reminder; the rest of 1 is silence. */
export const CHANCES = [
  'PAY',
  'PAY_HALF',
  'STOP',
  'PAY_TODAY',
  'WILL_PAY_TODAY',
  'PAID_TODAY',
  'PAY_WEEK',
  'PAY_SOON',
  'NEED_STATEMENT',
] as const;
export type Chance = (typeof CHANCES)[number];

export interface SeededResponses {
  readonly seed: string;
  readonly probabilities: Readonly<Partial<Record<Chance, number>>>;
  /** A response comes after 1 to so many minutes. */
  readonly delayMinutes: number;
}

/** Depends on the seed, the due and the count of its reminders only: neither on the order of events nor on other customers. */
export function seeded({ seed, probabilities, delayMinutes }: SeededResponses): ResponseModel {
  return ({ dueId, nth }) => {
    const random = randomOf(`${seed}:${dueId}:${nth}`);
    const chance = pick(probabilities, random());
    const afterMinutes = 1 + Math.floor(random() * delayMinutes);
    return chance === undefined ? [] : [{ afterMinutes, ...deedOf(chance) }];
  };
}

function pick(probabilities: SeededResponses['probabilities'], roll: number): Chance | undefined {
  let sum = 0;
  return CHANCES.find((chance) => roll < (sum += probabilities[chance] ?? 0));
}

function deedOf(chance: Chance): Deed {
  if (chance === 'PAY') return { pay: 1 };
  if (chance === 'PAY_HALF') return { pay: 0.5 };
  return chance === 'STOP' ? { stop: true } : { answer: chance };
}

/** FNV-1a of a text seeds mulberry32: small, the same everywhere, and good enough to deal out behaviour. */
function randomOf(text: string): () => number {
  let state = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) state = Math.imul(state ^ text.charCodeAt(index), 0x01000193);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let bits = Math.imul(state ^ (state >>> 15), state | 1);
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
    return ((bits ^ (bits >>> 14)) >>> 0) / 4_294_967_296;
  };
}

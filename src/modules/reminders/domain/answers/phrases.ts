import type { CalendarDate } from '../../../../kernel/local-time.js';
import type { SaidAnswer } from './answer.js';
import { lexemesOf, wordsOf } from './lexemes.js';
import type { Lexeme } from './lexicon.js';
import { dayOf, type NamedDay } from './promised-day.js';

/** Longer texts are for people. */
const LONGEST_TEXT = 200;

/** What a text says about a due, before it is known which calendar day its words name. */
export type Phrase =
  | { readonly answer: Exclude<SaidAnswer['answer'], 'PAY_ON_DATE'>; readonly share?: 'half' }
  | { readonly answer: 'PAY_ON_DATE'; readonly day: NamedDay; readonly share?: 'half' };

/**
 * Reads a customer's own words in English, Hindi and Hinglish. Precision before recall: every word must be known and the words must fit
 * together; one that is not ("I paid for the wrong item") makes it a text for people. Linear in the text's length.
 */
export function understand(text: string): Phrase | undefined {
  if (text.length > LONGEST_TEXT) return undefined;
  const lexemes = lexemesOf(wordsOf(text));
  return lexemes && read(new Saying(lexemes), /[?？]/u.test(text));
}

/** The answer with its day in the customer's calendar. @returns undefined when no such day is near */
export function onCalendar(phrase: Phrase, today: CalendarDate): SaidAnswer | undefined {
  if (phrase.answer !== 'PAY_ON_DATE') return phrase;
  const day = dayOf(phrase.day, today);
  return day && { ...phrase, day };
}

type Kind = Lexeme['concept'];

/** The words of a text by what they do, whatever their order. */
class Saying {
  readonly #kinds: ReadonlySet<Kind>;
  readonly days: readonly NamedDay[];
  /** In days. */
  readonly span: number | undefined;

  constructor(lexemes: readonly Lexeme[]) {
    this.#kinds = new Set(lexemes.map(({ concept }) => concept).filter((kind) => kind !== 'FILL'));
    this.days = lexemes.flatMap((lexeme) => ('day' in lexeme ? [lexeme.day] : []));
    this.span = lexemes.flatMap((lexeme) => ('days' in lexeme ? [lexeme.days] : []))[0];
  }

  has(...kinds: Kind[]): boolean {
    return kinds.some((kind) => this.#kinds.has(kind));
  }

  isOnly(...kinds: Kind[]): boolean {
    return [...this.#kinds].every((kind) => kinds.includes(kind));
  }
}

const WHEN = ['DAY', 'NOW', 'DAYPART', 'WEEK', 'SOON'] as const;
const WHAT = ['MONEY', 'CHANNEL', 'BALANCE', 'OWED', 'MINE'] as const;
const TO_PAY = ['PAY', 'TRANSFER'] as const;

function read(saying: Saying, isQuestion: boolean): Phrase | undefined {
  if (asksForStatement(saying)) return { answer: 'NEED_STATEMENT' };
  if (asksForBalance(saying)) return { answer: 'CHECK_CURRENT_DUE' };
  // Whether a day would suit, or whether money has come, is nothing promised.
  if (isQuestion) return undefined;
  if (saysPaid(saying)) return { answer: 'PAID_TODAY' };
  if (asksForTime(saying)) return saying.span === undefined ? { answer: 'PAY_SOON' } : inDays(saying.span);
  if (promises(saying) || namesADay(saying)) return promiseOf(saying);
  return undefined;
}

/** "Statement bhejo", "need my statement". */
function asksForStatement(saying: Saying): boolean {
  return (
    saying.has('STATEMENT') &&
    saying.isOnly('STATEMENT', 'SEND', 'GIVE', 'STEM', 'DO', 'NEED', 'PLEASE', 'MONEY', 'MINE', 'TELL', 'AUX')
  );
}

/** "Balance?", "kitna baki hai", "how much do I owe". */
function asksForBalance(saying: Saying): boolean {
  const asks = saying.has('HOW_MUCH', 'WHAT');
  const toPay = saying.has('TO_GIVE', 'PAY', 'HAVE', 'SHOULD');
  const isAboutDues =
    saying.has('BALANCE') ||
    (saying.has('OWED') && (asks || saying.has('TELL', 'MINE', 'MONEY'))) ||
    (saying.has('HOW_MUCH') && saying.has('TO_GIVE', 'PAY'));
  return (
    isAboutDues &&
    (asks || !toPay) &&
    saying.isOnly(
      ...(['BALANCE', 'OWED', 'MONEY', 'MINE', 'HOW_MUCH', 'WHAT', 'TELL', 'PLEASE', 'AUX', 'DO'] as const),
      'TO_GIVE',
      'PAY',
      'HAVE',
      'SHOULD',
    )
  );
}

/** "Paid", "payment kar diya", "bhej diya". */
function saysPaid(saying: Saying): boolean {
  const isAboutMoney = saying.has('MONEY', 'CHANNEL', 'BALANCE', 'OWED', ...TO_PAY);
  const isDone =
    saying.has('PAID') ||
    (saying.has('STEM') && saying.has('PAST')) ||
    (saying.has('DONE', 'SENT', 'PAST') && isAboutMoney);
  return (
    isDone &&
    saying.days.length <= 1 &&
    saying.isOnly(
      'PAID',
      'DONE',
      'SENT',
      'STEM',
      'LIGHT',
      'PAST',
      'HAVE',
      'AUX',
      ...TO_PAY,
      ...WHAT,
      'DAY',
      'YESTERDAY',
      'DAYPART',
      'NOW',
      'PLEASE',
      'TELL',
    )
  );
}

/** "Thoda time do", "need some time", "2 din do". */
function asksForTime(saying: Saying): boolean {
  const asks =
    saying.has('NEED', 'GIVE', 'DO') || (saying.has('PLEASE') && saying.has('TIME') && saying.has('SOME', 'SPAN'));
  return (
    saying.has('TIME', 'SPAN') &&
    asks &&
    saying.isOnly('TIME', 'SPAN', 'SOME', 'NEED', 'GIVE', 'DO', 'STEM', 'PLEASE', 'AUX')
  );
}

/** "I will pay today", "kal de dunga", "pay tomorrow". */
function promises(saying: Saying): boolean {
  const names = saying.has(...WHEN);
  const money = saying.has('MONEY', 'CHANNEL', 'BALANCE', 'OWED');
  const english =
    (saying.has('WILL') &&
      (saying.has('PAY', 'PAID') ||
        ((names || money) && saying.has('TRANSFER', 'SEND', 'GIVE', 'DONE', 'SENT', 'DO')))) ||
    saying.has('PAYING') ||
    (saying.has('PAY') && names && !saying.has('PLEASE', 'SEND', 'GIVE', 'DO', 'DONE', 'AUX'));
  const hindi =
    (saying.has('FUTURE', 'PROGRESS') && (names || money || saying.has('STEM', ...TO_PAY))) ||
    (saying.has('COMES') && (money || saying.has(...TO_PAY) || (names && saying.has('LIGHT'))));
  return (
    (english || hindi) &&
    saying.isOnly(
      'WILL',
      'PAYING',
      'PAID',
      'DONE',
      'SENT',
      'SEND',
      'GIVE',
      'DO',
      'STEM',
      'LIGHT',
      'COMES',
      'FUTURE',
      'PROGRESS',
      'AUX',
      ...TO_PAY,
      ...WHAT,
      ...WHEN,
      'HALF',
      'REST',
      'PLEASE',
    )
  );
}

/** A day alone, as the answer to a reminder: "Friday", "by monday", "20 ko", "half now". */
function namesADay(saying: Saying): boolean {
  return (
    (saying.has('DAY', 'WEEK') || (saying.has('NOW') && saying.has('HALF', 'MONEY'))) &&
    saying.isOnly('DAY', 'WEEK', 'NOW', 'DAYPART', 'HALF', 'REST', 'MONEY')
  );
}

/** "Half now, rest on Friday" promises the half. */
function promiseOf(saying: Saying): Phrase | undefined {
  const isHalf = saying.has('HALF');
  if (!isHalf && (saying.days.length > 1 || saying.has('REST'))) return undefined;
  const half = isHalf ? ({ share: 'half' } as const) : {};
  const day = saying.has('NOW') ? TODAY : saying.days[0];
  if (day) return isToday(day) ? { answer: 'WILL_PAY_TODAY', ...half } : { answer: 'PAY_ON_DATE', day, ...half };
  if (saying.has('WEEK')) return { answer: 'PAY_WEEK', ...half };
  if (saying.has('DAYPART', 'PROGRESS', 'PAYING')) return { answer: 'WILL_PAY_TODAY', ...half };
  return { answer: 'PAY_SOON', ...half };
}

const TODAY: NamedDay = { kind: 'in-days', days: 0 };

function isToday(day: NamedDay): boolean {
  return day.kind === 'in-days' && day.days === 0;
}

function inDays(days: number): Phrase {
  return { answer: 'PAY_ON_DATE', day: { kind: 'in-days', days } };
}

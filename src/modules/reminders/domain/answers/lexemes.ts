import { type Lexeme, LONGEST_ENTRY, lookUp, mendTypo, MONTHS } from './lexicon.js';
import type { NamedDay } from './promised-day.js';

/** More words than these are a text for people. */
const MOST_WORDS = 16;

const NUMBER_WORDS = new Map(
  'one,two,three,four,five,six,seven|ek,do,teen,char,paanch,chhe,saat|एक,दो,तीन,चार,पांच,छह,सात|a,couple,tin,chaar,panch,che,sat'
    .split('|')
    .flatMap((row) => row.split(',').map((word, index) => [word, index + 1] as const)),
);
const DAYS = wordSet('day,days,din,dino,dinon,दिन,दिनों');
const WEEKS = wordSet('week,weeks,hafta,hafte,hafton,हफ्ता,हफ्ते,सप्ताह');
const SOON_TODAY = wordSet('hour,hours,hr,hrs,ghanta,ghante,minute,minutes,min,mins,घंटा,घंटे,मिनट');
const CLOCK = wordSet('baje,bje,am,pm,oclock,बजे');
const BY_THEN = wordSet('me,mein,mai,main,may,andar,ander,baad,bad,later,में,बाद,अंदर');
const OF = wordSet('ke,ka,के,का');
const DAY_OF_MONTH = wordSet('st,nd,rd,th,tarikh,tareekh,tarik,tareek,tarikh,date,ko,तारीख,को');
/** Of a number above twelve; below, it may be the hour. */
const UNTIL_WORDS = wordSet('tak,तक');
const BEFORE_DATE = wordSet('on,by,before,till,until,upto');
const AHEAD = wordSet('in,within,after');

/** The words of a text as they are looked up: small letters, one spelling of each letter, no marks. */
export function wordsOf(text: string): string[] {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/\u0901/g, '\u0902')
    .replace(/\u093c|\u200c|\u200d|\ufe0f/g, '')
    .replace(/[०-९]/g, (digit) => String(digit.charCodeAt(0) - 0x966))
    .replace(/['’`](ll|ve|m|s)(?![a-z])/g, (_, ending: string) => CONTRACTED[ending] ?? '')
    .replace(/['’`]/g, '')
    .replace(/(\d)[/-](?=\d)/g, '$1\u2044')
    .replace(/[^\p{L}\p{M}\p{N}\u2044]+/gu, ' ')
    .replace(/(\p{L})\1{2,}/gu, '$1')
    .split(' ')
    .filter((word) => word !== '')
    .flatMap((word) => (lookUp(word) ? [word] : (/^(\d{1,2})(\p{L}[\p{L}\p{M}]*)$/u.exec(word)?.slice(1) ?? [word])));
}

const CONTRACTED: Readonly<Record<string, string>> = { ll: ' will', ve: ' have', m: ' am', s: ' is' };

/** What the words do, in order; undefined when one of them is not known. */
export function lexemesOf(words: readonly string[]): readonly Lexeme[] | undefined {
  if (words.length > MOST_WORDS) return undefined;
  const lexemes: Lexeme[] = [];
  for (let at = 0; at < words.length;) {
    const read = dateAt(words, at) ?? entryAt(words, at);
    if (!read) return undefined;
    lexemes.push(...read.lexemes);
    at += read.length;
  }
  return lexemes;
}

interface Read {
  readonly lexemes: readonly Lexeme[];
  /** In words. */
  readonly length: number;
}

function entryAt(words: readonly string[], at: number): Read | undefined {
  for (let length = Math.min(LONGEST_ENTRY, words.length - at); length > 0; length--) {
    const lexemes = lookUp(words.slice(at, at + length).join(' '));
    if (lexemes) return { lexemes, length };
  }
  const mended = mendTypo(words[at]!);
  return mended && { lexemes: mended, length: 1 };
}

/** Whatever has a number in it: `20 ko`, `25th Nov`, `25/11`, `2 din me`, `5 baje`. */
function dateAt(words: readonly string[], at: number): Read | undefined {
  const [word = '', next = ''] = words.slice(at, at + 2);
  const before = words[at - 1] ?? '';
  if (word === 'after' && numberOf(next) !== undefined) return { lexemes: [], length: 1 };
  const [, day, month] = /^(\d{1,2})\u2044(\d{1,2})$/.exec(word) ?? [];
  if (day) return dayOfMonth(Number(day), Number(month), 1);
  if (MONTHS.has(word) && /^\d{1,2}$/.test(next)) {
    const suffix = DAY_OF_MONTH.has(words[at + 2] ?? '') ? 1 : 0;
    return dayOfMonth(Number(next), MONTHS.get(word), 2 + suffix);
  }
  const number = numberOf(word);
  return number === undefined ? undefined : (span(number, words, at, before) ?? numbered(number, words, at, before));
}

function span(number: number, words: readonly string[], at: number, before: string): Read | undefined {
  const unit = words[at + 1] ?? '';
  if (SOON_TODAY.has(unit))
    return { lexemes: [named({ kind: 'in-days', days: 0 })], length: 2 + byThen(words, at + 2) };
  if (CLOCK.has(unit)) return { lexemes: [{ concept: 'DAYPART' }], length: 2 };
  if (!DAYS.has(unit) && !WEEKS.has(unit)) return undefined;
  if (WEEKS.has(unit) && number === 1) return { lexemes: [{ concept: 'WEEK' }], length: 2 + byThen(words, at + 2) };
  const days = WEEKS.has(unit) ? number * 7 : number;
  const postposition = byThen(words, at + 2);
  return postposition > 0 || AHEAD.has(before)
    ? { lexemes: [named({ kind: 'in-days', days })], length: 2 + postposition }
    : { lexemes: [{ concept: 'SPAN', days }], length: 2 };
}

/** How many words say "within": `me`, `ke andar`. */
function byThen(words: readonly string[], at: number): number {
  const of = OF.has(words[at] ?? '') ? 1 : 0;
  return BY_THEN.has(words[at + of] ?? '') ? of + 1 : 0;
}

function numbered(number: number, words: readonly string[], at: number, before: string): Read | undefined {
  if (!/^\d/.test(words[at]!)) return undefined;
  let length = 1;
  while (DAY_OF_MONTH.has(words[at + length] ?? '')) length++;
  const isOf = words[at + length] === 'of' ? 1 : 0;
  const month = MONTHS.get(words[at + length + isOf] ?? '');
  if (month !== undefined) return dayOfMonth(number, month, length + isOf + 1);
  const saidToBeADay =
    length > 1 || (number > 12 && (BEFORE_DATE.has(before) || UNTIL_WORDS.has(words[at + length] ?? '')));
  return saidToBeADay ? dayOfMonth(number, undefined, length) : undefined;
}

function dayOfMonth(day: number, month: number | undefined, length: number): Read | undefined {
  if (day < 1 || day > 31 || (month !== undefined && (month < 1 || month > 12))) return undefined;
  return { lexemes: [named({ kind: 'date', day, month })], length };
}

function named(day: NamedDay): Lexeme {
  return { concept: 'DAY', day };
}

function numberOf(word: string): number | undefined {
  return /^\d{1,2}$/.test(word) ? Number(word) : NUMBER_WORDS.get(word);
}

function wordSet(words: string): ReadonlySet<string> {
  return new Set(words.split(','));
}

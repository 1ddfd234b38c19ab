import { DomainError } from '../../../../kernel/domain-error.js';

/** Three characters are what the index of trigrams can look up. */
const SHORTEST = 3;
const AROUND = 60;

export class SearchTooShort extends DomainError {
  readonly code = 'SEARCH_TOO_SHORT';
  readonly kind = 'invalid';
  constructor() {
    super(`Search for at least ${SHORTEST} characters.`);
  }
}

/** What somebody typed, as it is looked for. @throws SearchTooShort */
export function searchWords(typed: string): string {
  const words = typed.normalize('NFC').replaceAll('\0', '').trim();
  if (Array.from(words).length < SHORTEST) throw new SearchTooShort();
  return words;
}

/** The ILIKE pattern of what contains exactly these characters. */
export function containing(words: string): string {
  return `%${words.replace(/[\\%_]/g, '\\$&')}%`;
}

/** What is typed like a number, as numbers are stored: `+91 98765-43210`, `(0987) 65`; undefined: it is no number. */
export function digitsIn(words: string): string | undefined {
  const compact = words.replace(/[\s().\-\u00a0]/g, '');
  if (!/^(\+|00?)?\d+$/.test(compact)) return undefined;
  const digits = compact.replace(/^(\+|00?)/, '');
  return digits.length >= SHORTEST ? digits : undefined;
}

/** The words with what stands around them. */
export function excerptOf(text: string, words: string): string {
  const line = text.replace(/\s+/gu, ' ');
  const at = Math.max(0, line.toLowerCase().indexOf(words.toLowerCase()));
  const [from, to] = [Math.max(0, at - AROUND), Math.min(line.length, at + words.length + AROUND)];
  return `${from > 0 ? '…' : ''}${line.slice(from, to).toWellFormed()}${to < line.length ? '…' : ''}`;
}

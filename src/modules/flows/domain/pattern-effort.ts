/** Text that stands for itself, a character by its number, an escape, a class, the begin or end of a group, a count, any other character. */
const TOKENS =
  /\\Q.*?(?:\\E|$)|\\x\{[^}]*\}|\\[^]|\[\^?\]?(?:\[:\^?\w+:\]|\\[^]|[^\]\\])*\]?|\((?:\?(?:P?<\w+>|[\w-]*:?))?|\)|\{(\d+)(?:,(\d*))?\}|[^]/gsu;
/** The end of a range in a class: a character by its number, or itself. */
const ENDS_OF_RANGES = /-(?:\\x\{([0-9a-f]+)\}|\\?([^]))/giu;
/** RE2JS looks for the small and capital letters of a range one by one, up to here. */
const LAST_LETTER = 0x1e943;
/** So many of them take about as long as one instruction. */
const LETTERS = 100;
/** A group that notes where what it holds begins and ends does so by an instruction each. */
const NOTES_WHAT_IT_HOLDS = /^\($|</;
/** `\pL` has hundreds of ranges. */
const PROPERTY = 10;

/**
 * About how many instructions RE2JS makes and throws away when it compiles a pattern: known before, for nobody else can do anything meanwhile
 * (F57). Counts multiply what stands before them: `((a{9}){9}){9}` has 909. Wide ranges and properties of characters count for many.
 */
export function effortOf(source: string): number {
  const groups = [0];
  let last = 0;
  for (const [token, least, most] of source.matchAll(TOKENS)) {
    if (token.startsWith('(')) {
      groups.push(NOTES_WHAT_IT_HOLDS.test(token) ? 2 : 0);
      continue;
    }
    if (token === ')') last = groups.length > 1 ? groups.pop()! : 0;
    else if (least !== undefined) last *= Math.max(1, Number(least), Number(most ?? 0)) - 1;
    else last = effortOfCharacters(token);
    groups[groups.length - 1]! += last;
  }
  return groups.reduce((sum, effort) => sum + effort);
}

function effortOfCharacters(token: string): number {
  if (token.startsWith('\\Q')) return token.length;
  const properties = token.match(/\\p/gi)?.length ?? 0;
  const ranges = token.startsWith('[') ? [...token.matchAll(ENDS_OF_RANGES)] : [];
  const letters = ranges.reduce(
    (sum, [, number, character]) =>
      sum + Math.min(LAST_LETTER, number === undefined ? character!.codePointAt(0)! : Number.parseInt(number, 16)),
    0,
  );
  return 1 + properties * PROPERTY + Math.floor(letters / LETTERS);
}

/** Whether somebody said what a rule waits for: case, punctuation and spaces do not count (C50). */
export function saysTheSame(said: string, expected: string): boolean {
  return essence(said) === essence(expected);
}

/** What is left of a text; of one that is all signs and pictures, the text itself. */
function essence(text: string): string {
  const plain = text.normalize('NFKC').toLowerCase().trim();
  return plain.replace(/[^\p{L}\p{M}\p{N}]+/gu, '') || plain;
}

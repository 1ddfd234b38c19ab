/** One spelling of a text: NFKC, no spaces around, one between words. Halves of characters and NUL are dropped: nothing can keep them. */
export function plainText(text: string): string {
  return text.toWellFormed().replaceAll('\0', '').normalize('NFKC').replace(/\s+/gu, ' ').trim();
}

/** The same without the difference of small and capital letters. */
export function fold(text: string): string {
  return plainText(text).toLowerCase().replaceAll('ς', 'σ');
}

const SYMBOLS = 'abcdefghijklmnopqrstuvwxyz0123456789';

/** `tmpl_ab12cd34` (S2.26): short enough to be read out, and never one that is taken. */
export function newKey(prefix: 'tmpl' | 'btn' | 'rule', isTaken: (key: string) => boolean): string {
  for (;;) {
    const random = crypto.getRandomValues(new Uint32Array(8));
    const key = `${prefix}_${[...random].map((number) => SYMBOLS[number % SYMBOLS.length]).join('')}`;
    if (!isTaken(key)) return key;
  }
}

/**
 * Cells that a spreadsheet would take for a formula (CWE-1236). A leading apostrophe makes them text; numbers, also those of
 * telephones, are no formulas and stay as they are. Guarding can be undone exactly.
 */
const FORMULA = /^'*[=+\-@＝＋－＠\t\r\n]/;
const GUARDED = /^'+[=+\-@＝＋－＠\t\r\n]/;
const NUMBER = /^[+-]?\d[\d.,]*$/;

export function guarded(text: string): string {
  return FORMULA.test(text) && !NUMBER.test(text) ? `'${text}` : text;
}

export function unguarded(text: string): string {
  return GUARDED.test(text) ? text.slice(1) : text;
}

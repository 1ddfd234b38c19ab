import { fill, variablesIn } from '../variables.js';

/** The text with something in the place of each variable, as short as can be. */
export function withValues(text: string): string {
  return fill(text, new Map(variablesIn(text).map((name) => [name, 'x'])));
}

/** Characters that it has at least, as code points. */
export function leastLength(text: string): number {
  return [...withValues(text)].length;
}

export function isBlank(text: string): boolean {
  return text.trim() === '';
}

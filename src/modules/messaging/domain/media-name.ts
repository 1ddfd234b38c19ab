const LIMIT = 240;

/**
 * The name that a stranger gave a file: without a path, and without what cannot be seen and makes a name read as another, as a turned-round
 * `gpj.exe` does. Undefined when nothing is left.
 */
export function readFileName(given: string | undefined): string | undefined {
  const name = given
    ?.toWellFormed()
    .replace(/^.*[/\\]/s, '')
    // Control characters, and those that give no width but a direction.
    .replace(/[\p{Cc}\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]/gu, '')
    .trim();
  return name === undefined || name === '' ? undefined : [...name].slice(-LIMIT).join('');
}

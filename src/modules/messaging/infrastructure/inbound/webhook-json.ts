/** Levels of nesting that an item may have; the deepest that the provider documents is ten. */
const DEPTH_LIMIT = 64;

export class UnreadableJson extends Error {}

/** Reads the signed bytes of a body. A byte order mark is allowed. @throws UnreadableJson */
export function readBody(raw: Uint8Array): unknown {
  try {
    return JSON.parse(UTF8.decode(raw)) as unknown;
  } catch (error) {
    throw new UnreadableJson(error instanceof SyntaxError ? 'the body is not JSON' : 'the body is not UTF-8');
  }
}

const UTF8 = new TextDecoder('utf-8', { fatal: true });

/**
 * The value as JSON text that jsonb takes (M11): NUL is left out, a lone surrogate becomes U+FFFD, a number beyond the range of
 * numbers null. The bytes as they came stay in the inbox. @throws UnreadableJson when it is nested too deep
 */
export function storableJson(value: unknown): string {
  const text = stringify(value);
  if (depthOf(text) > DEPTH_LIMIT) throw new UnreadableJson(`nested deeper than ${DEPTH_LIMIT} levels`);
  // JSON.stringify leaves only control characters and lone surrogates escaped.
  if (!text.includes('\\u')) return text;
  return text.replace(/\\(?:u(0000|d[89a-f][0-9a-f]{2})|.)/g, (escape, code: string | undefined) =>
    code === undefined ? escape : code === '0000' ? '' : '\ufffd',
  );
}

function stringify(value: unknown): string {
  try {
    return JSON.stringify(value) ?? 'null';
  } catch {
    // The call stack ended before the value did.
    throw new UnreadableJson(`nested deeper than ${DEPTH_LIMIT} levels`);
  }
}

function depthOf(json: string): number {
  let depth = 0;
  let deepest = 0;
  let inText = false;
  for (let index = 0; index < json.length; index++) {
    const character = json.charCodeAt(index);
    if (inText) {
      if (character === BACKSLASH) index++;
      else if (character === QUOTE) inText = false;
    } else if (character === QUOTE) inText = true;
    else if (character === OPEN_BRACE || character === OPEN_BRACKET) deepest = Math.max(deepest, ++depth);
    else if (character === CLOSE_BRACE || character === CLOSE_BRACKET) depth--;
  }
  return deepest;
}

const [QUOTE, BACKSLASH, OPEN_BRACE, CLOSE_BRACE, OPEN_BRACKET, CLOSE_BRACKET] = [0x22, 0x5c, 0x7b, 0x7d, 0x5b, 0x5d];

export type JsonObject = Readonly<Record<string, unknown>>;

/** The value if it is an object, else an empty one: absent and wrong read the same. */
export function objectIn(value: unknown): JsonObject {
  return isObject(value) ? value : {};
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function listIn(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as unknown[]) : [];
}

/** A text with something in it. Numbers are read as texts: the provider writes ids and times either way. */
export function textIn(value: unknown): string | undefined {
  if (typeof value === 'number' && Number.isFinite(value)) return String(value);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

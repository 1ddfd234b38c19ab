import { GraphError } from './graph-error.js';

/** An object of unknown shape, as it came off the wire. */
export type JsonObject = Record<string, unknown>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value when it is an object, else an empty one: lets a rule ask for a member without a ladder of checks. */
export function objectOf(value: unknown): JsonObject {
  return isObject(value) ? value : {};
}

export function arrayOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** Length as Meta counts it: code points, so that an emoji is one character. */
export function lengthOf(text: string): number {
  let length = 0;
  for (const character of text) length += character.length > 0 ? 1 : 0;
  return length;
}

/** A non-empty string at `path`, at most `max` characters. @throws GraphError 131008 when missing, 131009 when too long or no text */
export function requiredText(value: unknown, path: string, max: number): string {
  if (value === undefined || value === null || value === '') throw GraphError.missing(path);
  if (typeof value !== 'string') throw GraphError.invalid(path, 'must be a string');
  if (value.length > max && lengthOf(value) > max) {
    throw GraphError.invalid(path, `length must be between 1 and ${max} characters`);
  }
  return value;
}

/** Like {@link requiredText}, but may be absent. */
export function optionalText(value: unknown, path: string, max: number): string | undefined {
  return value === undefined ? undefined : requiredText(value, path, max);
}

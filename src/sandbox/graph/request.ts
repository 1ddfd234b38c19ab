import { type CanActivate, createParamDecorator, type ExecutionContext, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Tokens } from '../tokens.js';

/** The token of a request: `Authorization: Bearer`, or `?access_token=`. */
export function tokenOf(request: FastifyRequest): string | undefined {
  const header = /^(?:Bearer|OAuth)\s+(\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
  if (header) return header;
  const { access_token: parameter } = request.query as Record<string, unknown>;
  return typeof parameter === 'string' ? parameter : undefined;
}

/** Lets a request through when its token is good. */
@Injectable()
export class TokenGuard implements CanActivate {
  constructor(private readonly tokens: Tokens) {}

  canActivate(context: ExecutionContext): boolean {
    return this.tokens.check(tokenOf(context.switchToHttp().getRequest())).length > 0;
  }
}

/** The checked token of the request. */
export const Token = createParamDecorator(
  (_: unknown, context: ExecutionContext) => tokenOf(context.switchToHttp().getRequest()) ?? '',
);

/** The members that `?fields=` asks for, always with `id`; all defaults when it asks for none. */
export function pick(
  node: Record<string, unknown>,
  fields: unknown,
  defaults: readonly string[],
): Record<string, unknown> {
  const asked = typeof fields === 'string' && fields !== '' ? topLevel(fields) : defaults;
  return Object.fromEntries(
    ['id', ...asked].filter((name) => node[name] !== undefined).map((name) => [name, node[name]]),
  );
}

/** `a,b{c,d},e` names a, b and e. */
function topLevel(fields: string): string[] {
  return fields
    .replace(/\{[^{}]*(\{[^{}]*\})*[^{}]*\}/g, '')
    .split(',')
    .map((field) => field.trim().replace(/[.(].*$/, ''));
}

/** A page of a Graph list: `limit` (25 unless told, at most `max`), `after` and `before` cursors. */
export function page<T>(all: readonly T[], query: Record<string, unknown>, max = 100): { data: T[]; paging: object } {
  const asked = Number(query['limit'] ?? 25);
  const limit = Number.isInteger(asked) && asked > 0 ? Math.min(asked, max) : 25;
  const before = cursorAt(query['before']);
  const start = before === undefined ? (cursorAt(query['after']) ?? -1) + 1 : Math.max(0, before - limit);
  const data = all.slice(start, before ?? start + limit);
  if (data.length === 0) return { data, paging: {} };
  const cursors = { before: cursorOf(start), after: cursorOf(start + data.length - 1) };
  return {
    data,
    paging: {
      cursors,
      ...(start + data.length < all.length ? { next: `?after=${cursors.after}&limit=${limit}` } : {}),
    },
  };
}

function cursorOf(index: number): string {
  return Buffer.from(String(index)).toString('base64url');
}

function cursorAt(cursor: unknown): number | undefined {
  if (typeof cursor !== 'string' || cursor === '') return undefined;
  const index = Number(Buffer.from(cursor, 'base64url').toString('latin1'));
  return Number.isInteger(index) && index >= 0 ? index : undefined;
}

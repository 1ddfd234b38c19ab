import { HttpException } from '@nestjs/common';
import { STATUS_CODES } from 'node:http';
import { DomainError, type ErrorKind } from '../../kernel/domain-error.js';
import { databaseCode, isUnavailable } from '../database/database-errors.js';

/** One finding about the shape of a request. */
export interface FieldError {
  /** Where in the body or query, dotted: `admin.email`, `items.0.name`. */
  readonly path: string;
  readonly message: string;
}

/** An RFC 9457 problem document (contract 3). */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: string;
  readonly errors?: readonly FieldError[];
  /** Seconds after which the same request may succeed; the Retry-After header. */
  readonly retryAfter?: number;
  readonly [extension: string]: unknown;
}

/** The request does not have the shape that the route documents. */
export class InvalidRequest extends DomainError {
  readonly code = 'INVALID_REQUEST';
  readonly kind = 'invalid';
  override readonly extensions: { errors: readonly FieldError[] };
  constructor(errors: readonly FieldError[]) {
    super(errors.length === 1 ? errors[0]!.message : `${errors.length} fields are not valid.`);
    this.extensions = { errors };
  }
}

/** A refusal that ends by itself: answered with Retry-After. */
export interface EndsByItself {
  readonly retryAfterMs: number;
}

const STATUS: Record<ErrorKind, number> = {
  invalid: 400,
  unauthenticated: 401,
  forbidden: 403,
  'not-found': 404,
  conflict: 409,
  'too-large': 413,
  unsupported: 415,
  meaning: 422,
  rate: 429,
  provider: 502,
  unavailable: 503,
};

/** What a caller is told of an error: never a stack, a statement or a message that was not written for him. */
export function toProblem(error: unknown): Problem {
  if (error instanceof DomainError) return domainProblem(error);
  if (error instanceof HttpException) return httpProblem(error);
  if (isUnavailable(error))
    return {
      ...problem(503, 'DATABASE_UNAVAILABLE', 'The database cannot be reached. Nothing was done; try again.'),
      retryAfter: 1,
    };
  if (isBadValue(error))
    return problem(400, 'INVALID_VALUE', 'A value is out of range, or holds a character that cannot be stored.');
  const refused = fastifyProblem(error);
  return refused ?? problem(500, 'INTERNAL', 'Something went wrong on our side. The request id finds it in the log.');
}

function domainProblem(error: DomainError): Problem {
  const retryAfterMs = (error as Partial<EndsByItself>).retryAfterMs;
  return {
    ...error.extensions,
    ...problem(STATUS[error.kind], error.code, error.message),
    ...(retryAfterMs === undefined ? {} : { retryAfter: seconds(retryAfterMs) }),
  };
}

/** Errors of the framework: its own words are kept where they name what the caller did. */
function httpProblem(error: HttpException): Problem {
  const status = error.getStatus();
  if (status === 404) return problem(404, 'NOT_FOUND', error.message);
  if (status >= 500)
    return status === 503
      ? problem(503, 'UNAVAILABLE', error.message)
      : problem(500, 'INTERNAL', 'Something went wrong on our side. The request id finds it in the log.');
  return problem(status, CODES[status] ?? 'REFUSED', error.message);
}

/** Fastify refuses before Nest sees the request: too large, not JSON, a method or media type without a parser. */
function fastifyProblem(error: unknown): Problem | undefined {
  const { statusCode, code } = error as { statusCode?: unknown; code?: unknown };
  if (typeof statusCode !== 'number' || statusCode < 400 || statusCode > 499) return undefined;
  const detail = (typeof code === 'string' && DETAILS[code]) || (STATUS_CODES[statusCode] ?? 'Refused');
  return problem(statusCode, CODES[statusCode] ?? 'REFUSED', detail);
}

const CODES: Record<number, string> = {
  400: 'INVALID_REQUEST',
  401: 'UNAUTHENTICATED',
  403: 'FORBIDDEN',
  404: 'NOT_FOUND',
  405: 'METHOD_NOT_ALLOWED',
  406: 'NOT_ACCEPTABLE',
  408: 'REQUEST_TIMEOUT',
  409: 'CONFLICT',
  410: 'GONE',
  413: 'PAYLOAD_TOO_LARGE',
  414: 'URI_TOO_LONG',
  415: 'UNSUPPORTED_MEDIA_TYPE',
  422: 'UNPROCESSABLE',
  429: 'RATE_LIMITED',
};

const DETAILS: Record<string, string> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'The body is larger than this route takes.',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'Send application/json.',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'The body is empty, but the content type is application/json.',
  FST_ERR_CTP_INVALID_JSON_BODY: 'The body is not valid JSON.',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'The body is not as long as Content-Length says.',
};

/**
 * PostgreSQL and Prisma refuse some values that no schema describes: NUL in a text, a lone surrogate in jsonb, an id or number out
 * of range. Such a value came from the caller (F62), so it is his 400 and not our 500.
 */
function isBadValue(error: unknown): boolean {
  return BAD_VALUES.has(databaseCode(error) ?? '');
}

const BAD_VALUES = new Set([
  '22001',
  '22003',
  '22007',
  '22008',
  '22021',
  '22P02',
  '22P03',
  '22P05',
  'P2000',
  'P2006',
  'P2007',
  'P2020',
  'P2023',
  'P2033',
]);

function problem(status: number, code: string, detail: string): Problem {
  return {
    type: `urn:nodue:problem:${code.toLowerCase().replaceAll('_', '-')}`,
    title: STATUS_CODES[status] ?? 'Error',
    status,
    detail,
    code,
  };
}

function seconds(milliseconds: number): number {
  return Math.max(1, Math.ceil(milliseconds / 1000));
}

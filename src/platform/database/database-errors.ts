/** The SQLSTATE or Prisma code of an error, wherever the driver put it. */
export function databaseCode(error: unknown): string | undefined {
  for (let current: unknown = error, depth = 0; current !== null && typeof current === 'object' && depth < 5; depth++) {
    const { code, cause, meta, originalCode } = current as {
      code?: unknown;
      cause?: unknown;
      meta?: { code?: unknown; driverAdapterError?: unknown };
      originalCode?: unknown;
    };
    if (typeof originalCode === 'string') return originalCode;
    if (typeof meta?.code === 'string') return meta.code;
    if (typeof code === 'string' && !UNSPECIFIC.has(code)) return code;
    current = cause ?? meta?.driverAdapterError;
  }
  return undefined;
}

/** Prisma's words for "the database said no": what it said lies deeper. */
const UNSPECIFIC: ReadonlySet<string> = new Set(['P2010', 'P2039']);

/** What a transaction had looked at has changed before it was locked, and going on would lock in the wrong order: it is run again. */
export class Overtaken extends Error {}

/** Serialization failure or deadlock: the same work may succeed when it is run again (F40). */
export function isTransient(error: unknown): boolean {
  if (error instanceof Overtaken) return true;
  const code = databaseCode(error);
  return code === '40001' || code === '40P01' || code === 'P2034';
}

/** The database cannot be reached, is starting or stopping, or has no connection to give: answered by 503. */
export function isUnavailable(error: unknown): boolean {
  const code = databaseCode(error);
  if (code && (UNAVAILABLE.has(code) || code.startsWith('08'))) return true;
  const message = error instanceof Error ? error.message : '';
  return /timeout exceeded when trying to connect|Connection terminated|Client has encountered a connection error|Unable to start a transaction|Can't reach database server/i.test(
    message,
  );
}

const UNAVAILABLE = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOTFOUND',
  'ETIMEDOUT',
  'EPIPE',
  '57P01',
  '57P02',
  '57P03',
  '53300',
  '57014',
  '25P03',
  'P1001',
  'P1002',
  'P1008',
  'P1017',
  'P2024',
  'P2028',
]);

/** A unique key is taken. */
export function isUniqueViolation(error: unknown): boolean {
  const code = databaseCode(error);
  return code === '23505' || code === 'P2002';
}

/** Something that is needed elsewhere would be removed, or something that does not exist is pointed to. */
export function isForeignKeyViolation(error: unknown): boolean {
  const code = databaseCode(error);
  return code === '23503' || code === '23001' || code === 'P2003';
}

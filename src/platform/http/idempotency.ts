import { Injectable, Logger, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { createHash } from 'node:crypto';
import { from, lastValueFrom, type Observable } from 'rxjs';
import { DomainError } from '../../kernel/domain-error.js';
import { TenantScope } from '../database/tenant-scope.js';
import { UnitOfWork } from '../database/unit-of-work.js';
import { StoredAnswers, type StoredUse } from './stored-answers.js';

export class InvalidIdempotencyKey extends DomainError {
  readonly code = 'INVALID_IDEMPOTENCY_KEY';
  readonly kind = 'invalid';
  constructor() {
    super('An Idempotency-Key is 1 to 255 visible ASCII characters.');
  }
}

export class IdempotencyKeyInUse extends DomainError {
  readonly code = 'IDEMPOTENCY_KEY_IN_USE';
  readonly kind = 'conflict';
  readonly retryAfterMs = 1000;
  constructor() {
    super('A request with this Idempotency-Key is still running.');
  }
}

export class IdempotencyKeyReused extends DomainError {
  readonly code = 'IDEMPOTENCY_KEY_REUSED';
  readonly kind = 'meaning';
  constructor() {
    super('This Idempotency-Key was used for another request: another method, path or body.');
  }
}

/**
 * Marks a route whose command calls out over HTTP between transactions of its own (`@OpensItsOwnTransactions`). Its key is
 * reserved before and answered after; when the process dies in between, the same request may run again after two minutes.
 */
export const ReservesIdempotencyKey = Reflector.createDecorator<void, true>({ transform: () => true });

/** Marks a POST that changes nothing or may not be replayed (a log-in): an Idempotency-Key is ignored. */
export const IgnoresIdempotencyKey = Reflector.createDecorator<void, true>({ transform: () => true });

/**
 * `Idempotency-Key` on every POST (contract 3): the key and the answer commit with the effect, so there is never one without the
 * other; the same request again gets the stored answer and `Idempotency-Replayed: true`. A refused request stores nothing.
 */
@Injectable()
export class Idempotency implements NestInterceptor {
  readonly #logger = new Logger(Idempotency.name);

  constructor(
    private readonly answers: StoredAnswers,
    private readonly unitOfWork: UnitOfWork,
    private readonly scope: TenantScope,
    private readonly reflector: Reflector,
  ) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    if (context.getType() !== 'http') return next.handle();
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const key = request.headers['idempotency-key'];
    const handler = context.getHandler();
    if (
      key === undefined ||
      request.method !== 'POST' ||
      !this.scope.current ||
      this.reflector.get(IgnoresIdempotencyKey, handler)
    )
      return next.handle();
    if (typeof key !== 'string' || !/^[\x21-\x7e]{1,255}$/.test(key)) throw new InvalidIdempotencyKey();
    const use = {
      key,
      fingerprint: fingerprintOf(request),
      reply: context.switchToHttp().getResponse<FastifyReply>(),
      handle: () => lastValueFrom(next.handle(), { defaultValue: undefined }),
    };
    return from(this.reflector.get(ReservesIdempotencyKey, handler) ? this.#reserved(use) : this.#together(use));
  }

  /** Key, effect and answer in one transaction: a crash leaves all or nothing. */
  #together({ key, fingerprint, reply, handle }: Use): Promise<unknown> {
    return this.unitOfWork.run(async () => {
      const earlier = await this.#earlier(key, fingerprint);
      if (earlier) return this.#replay(key, earlier, reply);
      const reservedAt = await this.answers.reserve(key, fingerprint);
      const body = await handle();
      await this.answers.settle(key, fingerprint, reservedAt, { status: reply.statusCode, body });
      return body;
    });
  }

  async #reserved({ key, fingerprint, reply, handle }: Use): Promise<unknown> {
    const begun = await this.unitOfWork.run(async () => {
      const earlier = await this.#earlier(key, fingerprint);
      if (earlier && earlier.status === null && !earlier.leaseIsOver) throw new IdempotencyKeyInUse();
      return earlier && earlier.status !== null ? earlier : this.answers.reserve(key, fingerprint);
    });
    if (!(begun instanceof Date)) return this.#replay(key, begun, reply);
    const body = await handle().catch(async (error: unknown) => {
      await this.unitOfWork
        .run(() => this.answers.forget(key, begun))
        .catch((fault: unknown) => this.#leaveToLease(fault));
      throw error;
    });
    await this.unitOfWork
      .run(() => this.answers.settle(key, fingerprint, begun, { status: reply.statusCode, body }))
      .catch((fault: unknown) => this.#leaveToLease(fault));
    return body;
  }

  /** The effect is done or undone; the key alone is in doubt, and its lease ends that. */
  #leaveToLease(fault: unknown): void {
    this.#logger.warn(
      `A used Idempotency-Key could not be settled: ${fault instanceof Error ? fault.message : String(fault)}`,
    );
  }

  async #earlier(key: string, fingerprint: Buffer): Promise<StoredUse | undefined> {
    if (!(await this.answers.lock(key))) throw new IdempotencyKeyInUse();
    const earlier = await this.answers.find(key);
    if (earlier && !earlier.fingerprint.equals(fingerprint)) throw new IdempotencyKeyReused();
    return earlier;
  }

  #replay(key: string, use: StoredUse, reply: FastifyReply): Promise<unknown> {
    void reply.header('idempotency-replayed', 'true').status(use.status!);
    return this.answers.open(key, use);
  }
}

interface Use {
  readonly key: string;
  readonly fingerprint: Buffer;
  readonly reply: FastifyReply;
  readonly handle: () => Promise<unknown>;
}

function fingerprintOf({ method, url, body }: FastifyRequest): Buffer {
  return createHash('sha256')
    .update(`${method} ${url}\n${JSON.stringify(sorted(body)) ?? ''}`)
    .digest();
}

/** The same members in another order are the same body. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, member]) => [name, sorted(member)]),
  );
}

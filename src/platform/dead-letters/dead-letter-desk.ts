import { Injectable, Logger } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { Clock } from '../../kernel/clock.js';
import { DomainError } from '../../kernel/domain-error.js';
import { tenantId, type TenantId } from '../../kernel/ids.js';
import { AuditLog } from '../auth/index.js';
import { TenantScope } from '../database/tenant-scope.js';
import { UnitOfWork } from '../database/unit-of-work.js';
import { Cursor, type Page } from '../http/pagination.js';
import { Scrubber } from '../logging/scrubber.js';
import { Redrive, Redrives, type RetryPolicy } from './redrive.js';

export type DeadLetterState = 'open' | 'retried' | 'discarded';

export interface DeadLetterView {
  readonly id: string;
  readonly tenantId: TenantId;
  readonly kind: string;
  readonly subjectId: string;
  readonly reason: string;
  readonly lastError: string | null;
  readonly state: DeadLetterState;
  readonly firstAt: Date;
  readonly lastAt: Date;
  readonly decidedAt: Date | null;
  readonly decidedBy: string | null;
  readonly note: string | null;
}

/** One letter, with what the work is about: without secrets, and with digests in place of people's numbers. */
export interface InspectedDeadLetter extends DeadLetterView {
  readonly content: unknown;
  /** Something in this version can take it up again. */
  readonly isRetryable: boolean;
}

/** How a kind of work is tried. */
export interface RetryPolicyView extends Required<Omit<RetryPolicy, 'repeatedForDays'>> {
  /** Of the dead letter that it becomes. */
  readonly kind: string;
  /** Null: as many as the days allow. */
  readonly attempts: number | null;
  readonly repeatedForDays: number | null;
}

export interface DeadLetterFilter {
  readonly state?: DeadLetterState | undefined;
  /** Given up then or later. */
  readonly since?: Date | undefined;
  readonly kind?: string | undefined;
}

/** What came of retrying many. What somebody else decided meanwhile is in none of the numbers. */
export interface RedriveSummary {
  readonly retried: number;
  /** There was nothing left to do: the subject is gone, or got through by another way. */
  readonly discarded: number;
  readonly failed: number;
  /** All that are open still, those that failed among them. */
  readonly remaining: number;
  /** Where the next call goes on, behind those that failed; null when this one came to the end. */
  readonly nextCursor: string | null;
}

export class DeadLetterNotFound extends DomainError {
  readonly code = 'DEAD_LETTER_NOT_FOUND';
  readonly kind = 'not-found';
  constructor() {
    super('There is no such dead letter.');
  }
}

export class DeadLetterDecided extends DomainError {
  readonly code = 'DEAD_LETTER_DECIDED';
  readonly kind = 'conflict';
  constructor(state: DeadLetterState) {
    super(`The dead letter was ${state} already.`);
  }
}

export class NotRedrivable extends DomainError {
  readonly code = 'NOT_REDRIVABLE';
  readonly kind = 'meaning';
  constructor(kind: string) {
    super(`Nothing in this version takes up "${kind}" again; discard it.`);
  }
}

/** Dead letters that one call retries at most. */
const BULK = 500;
const GONE = 'nothing was left to retry';
const cursor = new Cursor({ lastAt: 'instant', id: 'uuid' });

/**
 * Where a person decides about work that was given up (reliability 2.10). A merchant sees his own; the platform's scope sees all,
 * and each decision is taken in the scope of the letter's tenant, in one transaction with its effect.
 */
@Injectable()
export class DeadLetterDesk {
  readonly #logger = new Logger(DeadLetterDesk.name);
  #redrives: ReadonlyMap<string, Redrive> | undefined;

  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly scope: TenantScope,
    private readonly clock: Clock,
    private readonly discovery: DiscoveryService,
    private readonly audit: AuditLog,
    private readonly scrubber: Scrubber,
  ) {}

  /** Latest first. @throws InvalidCursor */
  async list(
    { state, kind, since }: DeadLetterFilter,
    limit: number,
    after: string | undefined,
  ): Promise<Page<DeadLetterView>> {
    const position = cursor.read(after);
    const letters = await this.unitOfWork.run(() =>
      this.unitOfWork.prisma.deadLetter.findMany({
        where: {
          ...(state && { state }),
          ...(kind && { kind }),
          ...(since && { lastAt: { gte: since } }),
          ...(position && {
            OR: [{ lastAt: { lt: position.lastAt } }, { lastAt: position.lastAt, id: { lt: position.id } }],
          }),
        },
        orderBy: [{ lastAt: 'desc' }, { id: 'desc' }],
        take: limit + 1,
      }),
    );
    return cursor.page(letters, limit, (letter) => ({
      ...letter,
      tenantId: tenantId(letter.tenantId),
      state: letter.state as DeadLetterState,
    }));
  }

  /** @throws DeadLetterNotFound */
  async find(id: string): Promise<InspectedDeadLetter> {
    const tenant = await this.#tenantOf(id);
    return this.scope.run(tenant, () =>
      this.unitOfWork.run(async () => {
        const letter = await this.unitOfWork.prisma.deadLetter.findUnique({
          where: { tenantId_id: { tenantId: tenant, id } },
        });
        if (!letter) throw new DeadLetterNotFound();
        const redrive = this.#redrivesByKind.get(letter.kind);
        const content = (await redrive?.contentOf(letter.subjectId)) ?? null;
        return {
          ...letter,
          tenantId: tenant,
          state: letter.state as DeadLetterState,
          lastError: letter.lastError && this.scrubber.text(letter.lastError),
          content: this.scrubber.value(content),
          isRetryable: letter.state === 'open' && redrive !== undefined,
        };
      }),
    );
  }

  /** @throws DeadLetterNotFound, DeadLetterDecided, NotRedrivable */
  async retry(id: string, by: string): Promise<DeadLetterView> {
    const tenant = await this.#tenantOf(id);
    return this.scope.run(tenant, () => this.unitOfWork.run(() => this.#retryOne(id, by)));
  }

  /** @param reason for whoever asks later @throws DeadLetterNotFound, DeadLetterDecided */
  async discard(id: string, by: string, reason: string): Promise<DeadLetterView> {
    const tenant = await this.#tenantOf(id);
    return this.scope.run(tenant, () =>
      this.unitOfWork.run(async () => {
        await this.#lockOpen(id);
        return this.#decide(id, 'discarded', by, reason);
      }),
    );
  }

  /**
   * Retries open letters given up since an instant, oldest first, each in a transaction of its own.
   * @param after `nextCursor` of the call before @throws InvalidCursor
   */
  async retrySince(
    since: Date,
    kind: string | undefined,
    after: string | undefined,
    by: string,
  ): Promise<RedriveSummary> {
    const position = cursor.read(after);
    const open = { state: 'open', lastAt: { gte: since }, ...(kind && { kind }) };
    const found = await this.unitOfWork.run(() =>
      this.unitOfWork.prisma.deadLetter.findMany({
        where: {
          ...open,
          ...(position && {
            OR: [{ lastAt: { gt: position.lastAt } }, { lastAt: position.lastAt, id: { gt: position.id } }],
          }),
        },
        orderBy: [{ lastAt: 'asc' }, { id: 'asc' }],
        take: BULK + 1,
        select: { id: true, tenantId: true, lastAt: true },
      }),
    );
    const { data: letters, nextCursor } = cursor.page(found, BULK, (letter) => letter);
    const outcomes = { retried: 0, discarded: 0, failed: 0, decided: 0 };
    for (const letter of letters) outcomes[await this.#retryOneOfMany(letter.id, tenantId(letter.tenantId), by)]++;
    const remaining = await this.unitOfWork.run(() => this.unitOfWork.prisma.deadLetter.count({ where: open }));
    const { retried, discarded, failed } = outcomes;
    return { retried, discarded, failed, remaining, nextCursor };
  }

  /** How each kind of work is tried before it becomes a dead letter. */
  policies(): RetryPolicyView[] {
    return [...this.#redrivesByKind]
      .flatMap(([kind, { policies }]) =>
        policies.map(({ work, waitsSeconds, spread = 0, repeatedForDays }) => ({
          ...{ kind, work, waitsSeconds, spread },
          attempts: repeatedForDays === undefined ? waitsSeconds.length + 1 : null,
          repeatedForDays: repeatedForDays ?? null,
        })),
      )
      .sort((a, b) => (`${a.kind} ${a.work}` < `${b.kind} ${b.work}` ? -1 : 1));
  }

  /** @returns `decided` when somebody else was faster */
  async #retryOneOfMany(
    id: string,
    tenant: TenantId,
    by: string,
  ): Promise<'retried' | 'discarded' | 'failed' | 'decided'> {
    try {
      const { state } = await this.scope.run(tenant, () => this.unitOfWork.run(() => this.#retryOne(id, by)));
      return state === 'retried' ? 'retried' : 'discarded';
    } catch (error) {
      if (error instanceof DeadLetterDecided || error instanceof DeadLetterNotFound) return 'decided';
      this.#logger.warn(`Dead letter ${id} stays open: ${error instanceof Error ? error.message : String(error)}`);
      return 'failed';
    }
  }

  async #retryOne(id: string, by: string): Promise<DeadLetterView> {
    const { kind, subjectId } = await this.#lockOpen(id);
    const redrive = this.#redriveOf(kind);
    const taken = await redrive.redrive(subjectId);
    return taken ? this.#decide(id, 'retried', by, null) : this.#decide(id, 'discarded', by, GONE);
  }

  async #tenantOf(id: string): Promise<TenantId> {
    const letter = await this.unitOfWork.run(() =>
      this.unitOfWork.prisma.deadLetter.findFirst({ where: { id }, select: { tenantId: true } }),
    );
    if (!letter) throw new DeadLetterNotFound();
    return tenantId(letter.tenantId);
  }

  /** Two people who decide at once decide one after the other. */
  async #lockOpen(id: string): Promise<{ kind: string; subjectId: string }> {
    const rows = await this.unitOfWork.sql.query<{ kind: string; subject_id: string; state: DeadLetterState }>(
      'select kind, subject_id, state from dead_letter where tenant_id = $1::uuid and id = $2::uuid for update',
      [this.scope.tenantId, id],
    );
    const letter = rows[0];
    if (!letter) throw new DeadLetterNotFound();
    if (letter.state !== 'open') throw new DeadLetterDecided(letter.state);
    return { kind: letter.kind, subjectId: letter.subject_id };
  }

  async #decide(id: string, state: DeadLetterState, by: string, note: string | null): Promise<DeadLetterView> {
    const letter = await this.unitOfWork.prisma.deadLetter.update({
      where: { tenantId_id: { tenantId: this.scope.tenantId, id } },
      data: { state, note, decidedBy: by, decidedAt: this.clock.now() },
    });
    await this.audit.record({
      action: `dead-letter.${state}`,
      subjectId: id,
      details: { kind: letter.kind, subjectId: letter.subjectId, note },
    });
    return { ...letter, tenantId: tenantId(letter.tenantId), state };
  }

  #redriveOf(kind: string): Redrive {
    const redrive = this.#redrivesByKind.get(kind);
    if (!redrive) throw new NotRedrivable(kind);
    return redrive;
  }

  get #redrivesByKind(): ReadonlyMap<string, Redrive> {
    return (this.#redrives ??= new Map(
      this.discovery.getProviders().flatMap((wrapper) => {
        const redriven = this.discovery.getMetadataByDecorator(Redrives, wrapper);
        return redriven === undefined ? [] : [[redriven, wrapper.instance as Redrive] as const];
      }),
    ));
  }
}

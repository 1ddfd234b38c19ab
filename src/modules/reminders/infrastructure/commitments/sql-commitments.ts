import { Injectable } from '@nestjs/common';
import type { CalendarDate } from '../../../../kernel/local-time.js';
import { TenantScope } from '../../../../platform/database/tenant-scope.js';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';
import { Outbox } from '../../../../platform/outbox/outbox.js';
import { Commitments, type CommitmentToJudge } from '../../application/commitments/commitments.js';
import type { PromiseAnswer } from '../../domain/answers/answer.js';
import { Commitment, type CommitmentSnapshot, type CommitmentState } from '../../domain/commitment.js';
import { CommitmentNotFound } from '../../domain/commitment-errors.js';

interface CommitmentRow {
  readonly id: string;
  readonly customerId: string;
  readonly dueId: string;
  readonly answer: PromiseAnswer;
  readonly state: CommitmentState;
  readonly amountMinor: number;
  readonly paidMinor: number;
  readonly currency: string;
  readonly owedMinor: number;
  readonly paidBeforeMinor: number;
  readonly promisedFor: CalendarDate;
  readonly judgedAt: Date;
  readonly source: 'tap' | 'text' | 'user';
  readonly wamid: string | null;
  readonly said: string | null;
  readonly madeAt: Date;
  readonly settledAt: Date | null;
}

const SELECT = `
  select id, customer_id as "customerId", due_id as "dueId", answer, state, amount_minor::float8 as "amountMinor", paid_minor::float8 as "paidMinor",
    currency, owed_minor::float8 as "owedMinor", paid_before_minor::float8 as "paidBeforeMinor", promised_for::text as "promisedFor",
    judged_at as "judgedAt", source, wamid, said, made_at as "madeAt", settled_at as "settledAt"
  from commitment where tenant_id = $1::uuid`;

/** Promises in PostgreSQL, in transactions of either kind. */
@Injectable()
export class SqlCommitments extends Commitments {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly scope: TenantScope,
    private readonly outbox: Outbox,
  ) {
    super();
  }

  async find(id: string): Promise<Commitment> {
    const [row] = await this.#query<CommitmentRow>(`${SELECT} and id = $2::uuid`, id);
    if (!row) throw new CommitmentNotFound();
    return toCommitment(row);
  }

  async openOf(dueIds: readonly string[]): Promise<Commitment[]> {
    if (dueIds.length === 0) return [];
    const rows = await this.#query<CommitmentRow>(
      `${SELECT} and due_id = any($2::uuid[]) and state = 'open' order by id for update`,
      dueIds,
    );
    return rows.map(toCommitment);
  }

  async save(commitments: readonly Commitment[]): Promise<void> {
    for (const commitment of commitments) {
      await this.#save(commitment.snapshot);
      await this.outbox.append(commitment.releaseEvents());
    }
  }

  toJudge(now: Date, after: CommitmentToJudge | undefined, limit: number): Promise<CommitmentToJudge[]> {
    return this.#query<CommitmentToJudge>(
      `select id, customer_id as "customerId", due_id as "dueId", judged_at as "judgedAt" from commitment
       where tenant_id = $1::uuid and state = 'open' and judged_at <= $2::timestamptz
         and ($3::timestamptz is null or (judged_at, id) > ($3::timestamptz, $4::uuid))
       order by judged_at, id limit $5::int`,
      now.toISOString(),
      after?.judgedAt.toISOString() ?? null,
      after?.id ?? null,
      limit,
    );
  }

  async nextJudgedAfter(now: Date): Promise<Date | undefined> {
    const [row] = await this.#query<{ at: Date | null }>(
      `select min(judged_at) as at from commitment where tenant_id = $1::uuid and state = 'open' and judged_at > $2::timestamptz`,
      now.toISOString(),
    );
    return row?.at ?? undefined;
  }

  async #save(one: CommitmentSnapshot): Promise<void> {
    await this.#query(
      `insert into commitment (tenant_id, id, customer_id, due_id, answer, state, amount_minor, paid_minor, currency, owed_minor, paid_before_minor,
         promised_for, judged_at, source, wamid, said, made_at, settled_at)
       values ($1::uuid, $2::uuid, $3::uuid, $4::uuid, $5::text, $6::text, $7::bigint, $8::bigint, $9::text, $10::bigint, $11::bigint,
         $12::date, $13::timestamptz, $14::text, $15::text, $16::text, $17::timestamptz, $18::timestamptz)
       on conflict (tenant_id, id) do update set state = excluded.state, paid_minor = excluded.paid_minor, settled_at = excluded.settled_at`,
      one.id,
      one.customerId,
      one.dueId,
      one.answer,
      one.state,
      one.amountMinor,
      one.paidMinor,
      one.currency,
      one.owedMinor,
      one.paidBeforeMinor,
      one.promisedFor,
      one.judgedAt.toISOString(),
      one.source,
      one.wamid ?? null,
      one.said ?? null,
      one.madeAt.toISOString(),
      one.settledAt?.toISOString() ?? null,
    );
  }

  #query<Row extends object>(text: string, ...parameters: unknown[]): Promise<Row[]> {
    return this.unitOfWork.sql.query<Row>(text, [this.scope.tenantId, ...parameters]);
  }
}

function toCommitment({ wamid, said, settledAt, ...row }: CommitmentRow): Commitment {
  return Commitment.restore({
    ...row,
    wamid: wamid ?? undefined,
    said: said ?? undefined,
    settledAt: settledAt ?? undefined,
  });
}

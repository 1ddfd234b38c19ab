import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import type { CalendarDate } from '../../../../kernel/local-time.js';
import { TenantScope } from '../../../../platform/database/tenant-scope.js';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';
import { Cursor, type Page } from '../../../../platform/http/pagination.js';
import { explain, gatesOf, type GateSeen, type Occasion } from '../../domain/explanation.js';
import { ReminderNotFound } from '../../domain/reminder-errors.js';
import type { Verdict } from '../../domain/send-decision.js';
import { factsOf, type StoredFacts } from './stored-facts.js';

/** One evaluation of a reminder, explained (D4). */
export interface DecisionView {
  readonly id: string;
  readonly at: Date;
  readonly occasion: Occasion;
  readonly verdict: Verdict['then'];
  readonly reason: string | null;
  /** When it was to be looked at again. */
  readonly nextAt: Date | null;
  readonly policyVersion: number;
  /** In the order in which they are asked; none where WhatsApp decided. */
  readonly gates: readonly GateSeen[];
  readonly sentence: string;
}

/** Every evaluation of a reminder, oldest first. @throws ReminderNotFound */
export class ListDecisions extends Query<Page<DecisionView>> {
  constructor(
    readonly reminderId: string,
    readonly limit: number,
    readonly cursor: string | undefined,
  ) {
    super();
  }
}

interface DecisionRow {
  readonly id: string;
  readonly at: Date;
  readonly occasion: Occasion;
  readonly verdict: Verdict['then'];
  readonly reason: string | null;
  readonly nextAt: Date | null;
  readonly policyVersion: number;
  readonly facts: StoredFacts;
  /** The day of the promise that was open at that moment. */
  readonly promisedFor: CalendarDate | null;
  readonly zone: string;
}

const cursor = new Cursor({ id: 'uuid' });

@QueryHandler(ListDecisions)
export class ListDecisionsHandler implements IQueryHandler<ListDecisions> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly scope: TenantScope,
  ) {}

  async execute({ reminderId, limit, cursor: given }: ListDecisions): Promise<Page<DecisionView>> {
    const { tenantId } = this.scope;
    const { sql } = this.unitOfWork;
    const [reminder] = await sql.query(`select from reminder where tenant_id = $1::uuid and id = $2::uuid`, [
      tenantId,
      reminderId,
    ]);
    if (!reminder) throw new ReminderNotFound();
    // A read model: it knows the books' and the promises' tables.
    const rows = await sql.query<DecisionRow>(
      `select x.id, x.at, x.occasion, x.verdict, x.reason, x.next_at as "nextAt", x.policy_version as "policyVersion", x.facts,
         promise.promised_for::text as "promisedFor", coalesce(c.timezone, t.timezone) as zone
       from reminder_decision x
       join reminder r on r.tenant_id = x.tenant_id and r.id = x.reminder_id
       join tenant t on t.id = x.tenant_id
       left join customer c on c.tenant_id = x.tenant_id and c.id = r.customer_id
       left join lateral (
         select p.promised_for from commitment p
         where p.tenant_id = x.tenant_id and p.due_id = r.due_id and p.made_at <= x.at and (p.settled_at is null or p.settled_at > x.at)
         order by p.made_at desc limit 1) promise on x.reason = 'PAUSED'
       where x.tenant_id = $1::uuid and x.reminder_id = $2::uuid and ($3::uuid is null or x.id > $3::uuid)
       order by x.id limit $4::int`,
      [tenantId, reminderId, cursor.read(given)?.id ?? null, limit + 1],
    );
    return cursor.page(rows, limit, toDecisionView);
  }
}

function toDecisionView({ facts: stored, promisedFor, zone, ...row }: DecisionRow): DecisionView {
  const facts = factsOf(stored);
  const reason = row.reason ?? undefined;
  const sentence = explain(
    { ...row, reason, nextAt: row.nextAt ?? undefined, facts, promise: promisedFor ? { promisedFor } : undefined },
    zone,
  );
  return { ...row, gates: facts ? gatesOf(facts, reason) : [], sentence };
}

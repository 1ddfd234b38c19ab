import { Injectable } from '@nestjs/common';
import { type DeliveredEvent, Reaction, ReactsTo } from '../../../../platform/outbox/reaction.js';
import { TenantScope } from '../../../../platform/database/tenant-scope.js';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';
import { Outbox } from '../../../../platform/outbox/outbox.js';
import { PlansOutdated } from '../../domain/terms/payment-term-events.js';
import { DuePlans } from '../ledger/due-plans.js';

const BATCH = 500;

/**
 * Plans dues anew whose term or clock is another, a batch a transaction: what is left of them is another event, so that a process
 * which dies in between goes on where it was.
 */
@Injectable()
@ReactsTo(['customers.plans-outdated'])
export class ReplanOutdatedDues extends Reaction {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly scope: TenantScope,
    private readonly plans: DuePlans,
    private readonly outbox: Outbox,
  ) {
    super();
  }

  async on({ aggregateId, payload }: DeliveredEvent): Promise<void> {
    const { afterDueId, ...which } = payload as PlansOutdated['payload'];
    const ofTerm = which.of === 'payment-term' ? which : undefined;
    const dues = await this.unitOfWork.sql.query<{ id: string }>(
      `select d.id from due d join customer c on c.tenant_id = d.tenant_id and c.id = d.customer_id
       where d.tenant_id = $1::uuid and d.settled_at is null and ($2::uuid is null or d.id > $2::uuid)
         and case when $3::uuid is null then c.timezone is null
             else coalesce(d.payment_term_id, c.payment_term_id) = $3::uuid
               or ($4::boolean and coalesce(d.payment_term_id, c.payment_term_id) is null) end
       order by d.id limit $5::int`,
      [this.scope.tenantId, afterDueId, ofTerm?.paymentTermId ?? null, ofTerm?.orNone ?? false, BATCH],
    );
    await this.plans.plan(dues.map(({ id }) => id));
    const last = dues.at(-1);
    if (last && dues.length === BATCH) await this.outbox.append([new PlansOutdated(aggregateId, which, last.id)]);
  }
}

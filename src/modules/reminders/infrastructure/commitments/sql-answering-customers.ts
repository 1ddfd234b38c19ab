import { Injectable } from '@nestjs/common';
import { TenantScope } from '../../../../platform/database/tenant-scope.js';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';
import { type AnsweringCustomer, AnsweringCustomers } from '../../application/answers/answering-customers.js';

/** A read model over customers' books and policy, the tenant, and what was sent and promised. */
@Injectable()
export class SqlAnsweringCustomers extends AnsweringCustomers {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly scope: TenantScope,
  ) {
    super();
  }

  async find(contactId: string): Promise<AnsweringCustomer | undefined> {
    const [row] = await this.#query<AnsweringCustomer>(
      `select c.id, coalesce(c.timezone, t.timezone) as zone, replace(coalesce(c.language, t.locale), '_', '-') as locale, t.name as "companyName",
         c.opted_out_at is not null as "optedOut", coalesce(p.later_answer_replaces, false) as "laterAnswerReplaces"
       from contact asked
       join customer c on c.tenant_id = asked.tenant_id and c.id in (asked.id, asked.merged_into_id)
       join tenant t on t.id = c.tenant_id
       left join contact_policy p on p.tenant_id = c.tenant_id
       where asked.tenant_id = $1::uuid and asked.id = $2::uuid
       order by c.id = asked.id desc limit 1`,
      contactId,
    );
    return row;
  }

  async hasDue(customerId: string, dueId: string): Promise<boolean> {
    const found = await this.#query(
      'select id from due where tenant_id = $1::uuid and customer_id = $2::uuid and id::text = $3::text',
      customerId,
      dueId,
    );
    return found.length > 0;
  }

  async wasWaitedFor(dueIds: readonly string[], at: Date): Promise<boolean> {
    const [row] = await this.#query<{ waited: boolean }>(
      `select exists (
           select from reminder where tenant_id = $1::uuid and due_id = any($2::uuid[])
             and (status = 'queued' or status = 'sent' and sent_at > $3::timestamptz - interval '1 day'))
         or exists (
           select from commitment where tenant_id = $1::uuid and due_id = any($2::uuid[])
             and (state = 'open' or state = 'kept' and settled_at >= $3::timestamptz)) as waited`,
      dueIds,
      at.toISOString(),
    );
    return row?.waited ?? false;
  }

  #query<Row extends object>(text: string, ...parameters: unknown[]): Promise<Row[]> {
    return this.unitOfWork.sql.query<Row>(text, [this.scope.tenantId, ...parameters]);
  }
}

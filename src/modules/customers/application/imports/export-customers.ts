import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import type { CalendarDate } from '../../../../kernel/local-time.js';
import { TenantScope } from '../../../../platform/database/tenant-scope.js';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';

/** A customer and one of their open dues; the due is null where nothing is open. */
export interface ExportRow {
  readonly customerId: string;
  readonly reference: string | null;
  readonly name: string | null;
  readonly phone: string | null;
  readonly language: string | null;
  readonly timezone: string | null;
  readonly paymentTerm: string | null;
  readonly currency: string;
  readonly due: ExportedDue | null;
}

export interface ExportedDue {
  readonly id: string;
  readonly amountMinor: number;
  readonly outstandingMinor: number;
  readonly dueDate: CalendarDate;
  readonly reference: string | null;
  readonly description: string | null;
}

/** Customers who are not archived, each with their open dues, in a stable order. */
export abstract class ExportPages {
  /** @param after the last row of the page before */
  abstract page(after: ExportRow | undefined, limit: number): Promise<readonly ExportRow[]>;
}

const ROWS_AT_ONCE = 1000;

/** All customers and open dues, page by page as they are read: no moment of the whole, and no memory of it. */
export class ExportCustomers extends Query<AsyncIterable<readonly ExportRow[]>> {}

@QueryHandler(ExportCustomers)
export class ExportCustomersHandler implements IQueryHandler<ExportCustomers> {
  constructor(
    private readonly pages: ExportPages,
    private readonly unitOfWork: UnitOfWork,
    private readonly scope: TenantScope,
  ) {}

  async execute(): Promise<AsyncIterable<readonly ExportRow[]>> {
    return this.#read(this.scope.tenantId);
  }

  /** Read by a stream, which knows of no tenant. */
  async *#read(tenant: TenantScope['tenantId']): AsyncGenerator<readonly ExportRow[]> {
    let after: ExportRow | undefined;
    do {
      const rows = await this.scope.run(tenant, () =>
        this.unitOfWork.inBackground(() => this.unitOfWork.runSql(() => this.pages.page(after, ROWS_AT_ONCE))),
      );
      if (rows.length > 0) yield rows;
      after = rows.length < ROWS_AT_ONCE ? undefined : rows.at(-1);
    } while (after);
  }
}

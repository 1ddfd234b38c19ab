import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { AuditLog } from '../../../../platform/auth/audit-log.js';
import { CustomerOwes } from '../../domain/ledger/ledger-errors.js';
import { Customers } from './customers.js';

/** Closes a customer's books; they are kept and can be read. Adding the number again opens them. @throws CustomerNotFound, CustomerOwes */
export class ArchiveCustomer extends Command<void> {
  constructor(readonly customerId: string) {
    super();
  }
}

@CommandHandler(ArchiveCustomer)
export class ArchiveCustomerHandler implements ICommandHandler<ArchiveCustomer> {
  constructor(
    private readonly customers: Customers,
    private readonly audit: AuditLog,
  ) {}

  async execute({ customerId }: ArchiveCustomer): Promise<void> {
    const { id, archivedAt } = await this.customers.getForUpdate(customerId);
    if (archivedAt) return;
    if ((await this.customers.openDueIds(id)).length > 0) throw new CustomerOwes();
    await this.customers.archive(id);
    await this.audit.record({ action: 'customer.archived', subjectId: id });
  }
}

import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Clock } from '../../../../kernel/clock.js';
import { AuditLog } from '../../../../platform/auth/audit-log.js';
import { Outbox } from '../../../../platform/outbox/outbox.js';
import { PlansOutdated } from '../../domain/terms/payment-term-events.js';
import { PaymentTerms } from './payment-terms.js';

/** Nothing begins to use the term any more; what uses it keeps it. It is the default no longer. @throws PaymentTermNotFound */
export class ArchivePaymentTerm extends Command<void> {
  constructor(readonly id: string) {
    super();
  }
}

@CommandHandler(ArchivePaymentTerm)
export class ArchivePaymentTermHandler implements ICommandHandler<ArchivePaymentTerm> {
  constructor(
    private readonly terms: PaymentTerms,
    private readonly outbox: Outbox,
    private readonly audit: AuditLog,
    private readonly clock: Clock,
  ) {}

  async execute({ id }: ArchivePaymentTerm): Promise<void> {
    const term = await this.terms.getForUpdate(id);
    if (term.archivedAt) return;
    await this.terms.save({ ...term, isDefault: false, archivedAt: this.clock.now() });
    if (term.isDefault)
      await this.outbox.append([new PlansOutdated(id, { of: 'payment-term', paymentTermId: id, orNone: true }, null)]);
    await this.audit.record({ action: 'payment-term.archived', subjectId: id });
  }
}

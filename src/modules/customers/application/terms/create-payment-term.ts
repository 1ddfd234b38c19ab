import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Clock } from '../../../../kernel/clock.js';
import { newId } from '../../../../kernel/ids.js';
import { AuditLog } from '../../../../platform/auth/audit-log.js';
import { Outbox } from '../../../../platform/outbox/outbox.js';
import { printable } from '../../domain/customer-words.js';
import { orderedTerm, type ReminderTerm } from '../../domain/terms/payment-term.js';
import { PlansOutdated } from '../../domain/terms/payment-term-events.js';
import type { PaymentTermView } from './payment-term-view.js';
import { PaymentTerms } from './payment-terms.js';

export interface PaymentTermToCreate extends ReminderTerm {
  readonly name: string;
  readonly dueInDays?: number | null | undefined;
  /** It takes the place of the one that was. */
  readonly isDefault: boolean;
}

/** @throws PaymentTermNameTaken, InvalidPaymentTerm, UnknownCustomerWord */
export class CreatePaymentTerm extends Command<PaymentTermView> {
  constructor(readonly term: PaymentTermToCreate) {
    super();
  }
}

@CommandHandler(CreatePaymentTerm)
export class CreatePaymentTermHandler implements ICommandHandler<CreatePaymentTerm> {
  constructor(
    private readonly terms: PaymentTerms,
    private readonly outbox: Outbox,
    private readonly audit: AuditLog,
    private readonly clock: Clock,
  ) {}

  async execute({ term: { name, dueInDays, isDefault, ...reminders } }: CreatePaymentTerm): Promise<PaymentTermView> {
    const term: PaymentTermView = {
      id: newId(),
      name: printable('name', name),
      dueInDays: dueInDays ?? null,
      isDefault,
      ...orderedTerm(reminders),
      createdAt: this.clock.now(),
      archivedAt: null,
    };
    await this.terms.save(term);
    if (isDefault)
      await this.outbox.append([
        new PlansOutdated(term.id, { of: 'payment-term', paymentTermId: term.id, orNone: true }, null),
      ]);
    await this.audit.record({ action: 'payment-term.created', subjectId: term.id, details: { name: term.name } });
    return term;
  }
}

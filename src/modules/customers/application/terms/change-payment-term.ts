import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { AuditLog } from '../../../../platform/auth/audit-log.js';
import { Outbox } from '../../../../platform/outbox/outbox.js';
import { printable } from '../../domain/customer-words.js';
import { orderedTerm } from '../../domain/terms/payment-term.js';
import { PlansOutdated } from '../../domain/terms/payment-term-events.js';
import type { PaymentTermToCreate } from './create-payment-term.js';
import type { PaymentTermView } from './payment-term-view.js';
import { PaymentTerms } from './payment-terms.js';

export type PaymentTermChanges = {
  readonly [Field in keyof PaymentTermToCreate]?: PaymentTermToCreate[Field] | undefined;
};

/**
 * Dues that use the term are planned anew soon after. Emits PlansOutdated.
 * @throws PaymentTermNotFound, PaymentTermNameTaken, InvalidPaymentTerm, UnknownCustomerWord
 */
export class ChangePaymentTerm extends Command<PaymentTermView> {
  constructor(
    readonly id: string,
    readonly changes: PaymentTermChanges,
  ) {
    super();
  }
}

@CommandHandler(ChangePaymentTerm)
export class ChangePaymentTermHandler implements ICommandHandler<ChangePaymentTerm> {
  constructor(
    private readonly terms: PaymentTerms,
    private readonly outbox: Outbox,
    private readonly audit: AuditLog,
  ) {}

  async execute({ id, changes }: ChangePaymentTerm): Promise<PaymentTermView> {
    const before = await this.terms.getForUpdate(id);
    const after: PaymentTermView = {
      ...before,
      name: printable('name', changes.name ?? before.name),
      dueInDays: changes.dueInDays === undefined ? before.dueInDays : changes.dueInDays,
      isDefault: changes.isDefault ?? before.isDefault,
      ...orderedTerm({
        reminderOffsets: changes.reminderOffsets ?? before.reminderOffsets,
        overdueSteps: changes.overdueSteps ?? before.overdueSteps,
        sendAt: changes.sendAt ?? before.sendAt,
      }),
      // Whoever changes an archived term to be the default takes it back.
      archivedAt: changes.isDefault ? null : before.archivedAt,
    };
    await this.terms.save(after);
    const orNone = before.isDefault || after.isDefault;
    if (plansDiffer(before, after))
      await this.outbox.append([new PlansOutdated(id, { of: 'payment-term', paymentTermId: id, orNone }, null)]);
    await this.audit.record({
      action: 'payment-term.changed',
      subjectId: id,
      details: { fields: Object.entries(changes).flatMap(([field, value]) => (value === undefined ? [] : [field])) },
    });
    return after;
  }
}

function plansDiffer(before: PaymentTermView, after: PaymentTermView): boolean {
  return (
    before.isDefault !== after.isDefault ||
    before.sendAt !== after.sendAt ||
    before.reminderOffsets.join() !== after.reminderOffsets.join() ||
    before.overdueSteps.join() !== after.overdueSteps.join()
  );
}

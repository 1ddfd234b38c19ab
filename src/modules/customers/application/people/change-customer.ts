import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { PhoneNumber } from '../../../../kernel/phone-number.js';
import { AuditLog } from '../../../../platform/auth/audit-log.js';
import { wellSpelt } from '../../domain/customer-words.js';
import { canonicalPhone } from '../../domain/identity.js';
import { DuePlans } from '../ledger/due-plans.js';
import { PaymentTerms } from '../terms/payment-terms.js';
import type { CustomerView } from './customer-view.js';
import { type CustomerProfile, Customers } from './customers.js';
import { PhoneHandover } from './phone-handover.js';

export interface CustomerChanges extends CustomerProfile {
  /** The number that they have now; what they had before is given up. */
  readonly phone?: string | undefined;
}

/**
 * A zone, language or term that changes plans the open dues anew. Emits IdentityReassigned where the new number was another contact's.
 * @throws CustomerNotFound, CustomerExists, CustomerReferenceUsed, InvalidPhoneNumber, UnknownPaymentTerm, UnknownCustomerWord
 */
export class ChangeCustomer extends Command<CustomerView> {
  constructor(
    readonly customerId: string,
    readonly changes: CustomerChanges,
  ) {
    super();
  }
}

@CommandHandler(ChangeCustomer)
export class ChangeCustomerHandler implements ICommandHandler<ChangeCustomer> {
  constructor(
    private readonly customers: Customers,
    private readonly handover: PhoneHandover,
    private readonly terms: PaymentTerms,
    private readonly plans: DuePlans,
    private readonly audit: AuditLog,
  ) {}

  async execute({ customerId, changes }: ChangeCustomer): Promise<CustomerView> {
    const { phone, ...profile } = wellSpelt(changes);
    // Identities are locked before books, as inbound messages do it.
    const number = phone === undefined ? undefined : await this.#parse(phone);
    const { id } = await this.customers.find(customerId);
    if (number !== undefined) await this.handover.give(id, number);
    const before = await this.customers.getForUpdate(id);
    if (profile.paymentTermId) await this.terms.mustExist(profile.paymentTermId);
    await this.customers.change(id, profile);
    const after = await this.customers.find(id);
    if (
      before.timezone !== after.timezone ||
      before.language !== after.language ||
      before.paymentTermId !== after.paymentTermId
    )
      await this.plans.plan(await this.customers.openDueIds(id));
    const fields = Object.entries({ phone, ...profile }).flatMap(([field, value]) =>
      value === undefined ? [] : [field],
    );
    await this.audit.record({ action: 'customer.changed', subjectId: id, details: { fields } });
    return after;
  }

  async #parse(phone: string): Promise<string> {
    return canonicalPhone(PhoneNumber.parse(phone, await this.customers.homeCountry()).digits);
  }
}

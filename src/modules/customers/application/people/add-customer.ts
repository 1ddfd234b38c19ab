import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { PhoneNumber } from '../../../../kernel/phone-number.js';
import { AuditLog } from '../../../../platform/auth/audit-log.js';
import { wellSpelt } from '../../domain/customer-words.js';
import { claimOfMerchant } from '../../domain/identity-resolution.js';
import { CustomerExists } from '../../domain/ledger/ledger-errors.js';
import { PaymentTerms } from '../terms/payment-terms.js';
import type { CustomerView } from './customer-view.js';
import { type CustomerProfile, Customers } from './customers.js';
import { IdentityClaims } from './identity-claims.js';

export interface CustomerToAdd extends CustomerProfile {
  readonly name: string;
  /** As people write it; a national number is one of the merchant's country. */
  readonly phone: string;
}

/**
 * Begins books on whoever has a phone number, a contact already or not. One whose books are archived is a customer again.
 * Emits ContactsMerged never: a number that a merchant writes proves nothing.
 * @throws CustomerExists, CustomerReferenceUsed, InvalidPhoneNumber, UnknownPaymentTerm, UnknownCustomerWord
 */
export class AddCustomer extends Command<CustomerView> {
  constructor(readonly customer: CustomerToAdd) {
    super();
  }
}

@CommandHandler(AddCustomer)
export class AddCustomerHandler implements ICommandHandler<AddCustomer> {
  constructor(
    private readonly customers: Customers,
    private readonly claims: IdentityClaims,
    private readonly terms: PaymentTerms,
    private readonly audit: AuditLog,
  ) {}

  async execute({ customer }: AddCustomer): Promise<CustomerView> {
    const { phone, ...profile } = wellSpelt(customer);
    const { digits } = PhoneNumber.parse(phone, await this.customers.homeCountry());
    if (profile.paymentTermId) await this.terms.mustExist(profile.paymentTermId);
    const { contactId } = await this.claims.settle(claimOfMerchant(digits));
    const state = await this.customers.stateOf(contactId);
    if (state === 'kept') throw new CustomerExists(contactId);
    const id = await this.customers.keepBooksOn(contactId);
    if (state === 'archived') await this.customers.unarchive(id);
    await this.customers.change(id, profile);
    await this.audit.record({ action: 'customer.added', subjectId: id });
    return this.customers.find(id);
  }
}

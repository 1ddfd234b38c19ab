import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { PhoneNumber } from '../../../../kernel/phone-number.js';
import { claimOfMerchant } from '../../domain/identity-resolution.js';
import { Customers } from './customers.js';
import { IdentityClaims } from './identity-claims.js';

/**
 * Finds or makes the contact who has a number that the merchant wrote, without books (S1.70, S1.71). Race-safe against first messages from
 * that number; the contact's identities stay locked. @returns its id @throws InvalidPhoneNumber
 */
export class ContactOfPhone extends Command<string> {
  constructor(
    /** As people write it; a national number is one of the merchant's country. */
    readonly phone: string,
  ) {
    super();
  }
}

@CommandHandler(ContactOfPhone)
export class ContactOfPhoneHandler implements ICommandHandler<ContactOfPhone> {
  constructor(
    private readonly customers: Customers,
    private readonly claims: IdentityClaims,
  ) {}

  async execute({ phone }: ContactOfPhone): Promise<string> {
    const { digits } = PhoneNumber.parse(phone, await this.customers.homeCountry());
    return (await this.claims.settle(claimOfMerchant(digits))).contactId;
  }
}

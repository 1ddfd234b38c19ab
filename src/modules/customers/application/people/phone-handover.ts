import { Injectable } from '@nestjs/common';
import { Outbox } from '../../../../platform/outbox/outbox.js';
import { IdentityReassigned } from '../../domain/contact-events.js';
import { canonicalPhone, type Identity, sameIdentity } from '../../domain/identity.js';
import { CustomerExists } from '../../domain/ledger/ledger-errors.js';
import { Contacts } from './contacts.js';
import { Customers } from './customers.js';

/** The merchant says that a customer has another number. */
@Injectable()
export class PhoneHandover {
  constructor(
    private readonly contacts: Contacts,
    private readonly customers: Customers,
    private readonly outbox: Outbox,
  ) {}

  /**
   * The customer has this number, and no other, from here on. A contact who had it without being a customer loses it; user ids prove
   * more than a merchant's word and stay where they are. Emits IdentityReassigned. @param phone +E.164 @throws CustomerExists
   */
  async give(customerId: string, phone: string): Promise<void> {
    const wanted: Identity = { kind: 'phone', value: phone };
    const before = (await this.customers.find(customerId)).identities.filter(
      ({ kind }) => kind === 'phone' || kind === 'wa_id',
    );
    const holders = await this.contacts.lockHolders([wanted, ...before]);
    const holder = holders.find(({ identities }) => identities.some((identity) => sameIdentity(identity, wanted)));
    if (holder?.id === customerId) return;
    if (holder && (await this.customers.stateOf(holder.id)) === 'kept') throw new CustomerExists(holder.id);
    const taken = holder?.identities.filter((identity) => isNumber(identity, phone)) ?? [];
    const given = taken.length > 0 ? taken : [wanted];
    await this.contacts.remove(customerId, before);
    await this.contacts.give(customerId, given);
    if (holder)
      await this.outbox.append(taken.map((identity) => new IdentityReassigned(holder.id, customerId, identity)));
  }
}

function isNumber({ kind, value }: Identity, phone: string): boolean {
  return (kind === 'phone' && value === phone) || (kind === 'wa_id' && canonicalPhone(value) === phone);
}

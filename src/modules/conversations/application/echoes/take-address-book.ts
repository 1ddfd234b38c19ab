import { Injectable } from '@nestjs/common';
import { Commands } from '../../../../platform/cqrs/commands.js';
import { NoteContactName } from '../../../customers/index.js';
import { ChangeConsumer, type ChangeSource, ConsumesChanges, type ProviderChange } from '../../../messaging/index.js';
import { PlaceOfCustomer } from './place-of-customer.js';

/**
 * The merchant's address book on the phone (F12): its names are taken where the merchant gave none here. Whom the merchant removes there is
 * kept here, with what was said.
 */
@Injectable()
@ConsumesChanges(['contact-synced'])
export class TakeAddressBook extends ChangeConsumer {
  constructor(
    private readonly place: PlaceOfCustomer,
    private readonly commands: Commands,
  ) {
    super();
  }

  async consume(change: ProviderChange, { at }: ChangeSource): Promise<void> {
    if (change.kind !== 'contact-synced' || change.action === 'remove' || change.name === undefined) return;
    const contactId = await this.place.contactOf(change.contact, at);
    await this.commands.execute(new NoteContactName(contactId, change.name));
  }
}

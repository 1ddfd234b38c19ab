import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { printable } from '../../domain/customer-words.js';
import { Contacts } from './contacts.js';

/** Calls a contact by a name of the merchant's, or by none. @throws UnknownCustomerWord */
export class NameContact extends Command<void> {
  constructor(
    readonly contactId: string,
    readonly name: string | null,
  ) {
    super();
  }
}

@CommandHandler(NameContact)
export class NameContactHandler implements ICommandHandler<NameContact> {
  constructor(private readonly contacts: Contacts) {}

  execute({ contactId, name }: NameContact): Promise<void> {
    return this.contacts.rename(contactId, name === null ? null : printable('name', name));
  }
}

import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Customers } from './customers.js';

/**
 * Makes a customer of a contact, who may be one already. @returns the customer's id: the contact's, or that of whom it turned out to be
 * @throws ContactNotFound
 */
export class KeepBooksOn extends Command<string> {
  constructor(readonly contactId: string) {
    super();
  }
}

@CommandHandler(KeepBooksOn)
export class KeepBooksOnHandler implements ICommandHandler<KeepBooksOn> {
  constructor(private readonly customers: Customers) {}

  execute({ contactId }: KeepBooksOn): Promise<string> {
    return this.customers.keepBooksOn(contactId);
  }
}

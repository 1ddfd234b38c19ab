import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { printable } from '../../domain/customer-words.js';
import { Contacts } from './contacts.js';

/** What the merchant's address book calls a contact: taken where the merchant gave no name here. @returns whether it was taken */
export class NoteContactName extends Command<boolean> {
  constructor(
    readonly contactId: string,
    readonly name: string,
  ) {
    super();
  }
}

@CommandHandler(NoteContactName)
export class NoteContactNameHandler implements ICommandHandler<NoteContactName> {
  constructor(private readonly contacts: Contacts) {}

  execute({ contactId, name }: NoteContactName): Promise<boolean> {
    return this.contacts.nameUnnamed(contactId, printable('name', name));
  }
}

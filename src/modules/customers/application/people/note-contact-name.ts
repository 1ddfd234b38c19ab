import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
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

const LENGTH = 200;

@CommandHandler(NoteContactName)
export class NoteContactNameHandler implements ICommandHandler<NoteContactName> {
  constructor(private readonly contacts: Contacts) {}

  execute({ contactId, name }: NoteContactName): Promise<boolean> {
    // Nobody is there to write it better: what cannot be shown is left out.
    const shown = Array.from(
      name
        .normalize('NFC')
        .toWellFormed()
        .replace(/\p{Cc}+/gu, ' ')
        .trim(),
    )
      .slice(0, LENGTH)
      .join('');
    return shown === '' ? Promise.resolve(false) : this.contacts.nameUnnamed(contactId, shown);
  }
}

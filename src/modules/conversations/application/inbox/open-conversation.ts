import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { InboxAccess } from '../../../../kernel/inbox-access.js';
import { Commands, Queries } from '../../../../platform/cqrs/commands.js';
import { ContactOfPhone, NameContact } from '../../../customers/index.js';
import { NumberNotSeen } from '../../domain/conversation-errors.js';
import type { ConversationView } from '../conversation-view.js';
import { FindConversation } from '../find-conversation.js';
import { InboxEvents } from '../inbox-events.js';
import { VisibleThreads } from '../visible-threads.js';
import { InboxThreads } from './inbox-threads.js';

export interface ConversationToOpen {
  /** As people write it; a national number is one of the merchant's country. */
  readonly phone: string;
  readonly name?: string | undefined;
  readonly referenceLink?: string | undefined;
  /** Left out: the default one of those that the caller sees. */
  readonly phoneNumberId?: string | undefined;
}

export interface OpenedConversation {
  readonly conversation: ConversationView;
  readonly created: boolean;
}

/**
 * Finds or makes the conversation of a customer with one of the merchant's numbers (S1.6, S1.69, S1.70). Parallel calls, and a message that
 * arrives meanwhile, end in one conversation. One that is there and that the caller does not see stays as it is.
 * @throws InvalidPhoneNumber, NumberNotSeen, ConversationNotFound
 */
export class OpenConversation extends Command<OpenedConversation> {
  constructor(
    readonly access: InboxAccess,
    readonly actor: string,
    readonly wanted: ConversationToOpen,
  ) {
    super();
  }
}

@CommandHandler(OpenConversation)
export class OpenConversationHandler implements ICommandHandler<OpenConversation> {
  constructor(
    private readonly commands: Commands,
    private readonly queries: Queries,
    private readonly visible: VisibleThreads,
    private readonly threads: InboxThreads,
    private readonly events: InboxEvents,
  ) {}

  async execute({ access, actor, wanted }: OpenConversation): Promise<OpenedConversation> {
    const { phone, name, referenceLink } = wanted;
    const phoneNumberId = await this.#number(access, wanted.phoneNumberId);
    const contactId = await this.commands.execute(new ContactOfPhone(phone));
    // Who sees his own conversations alone would not see what he has just opened.
    const { id, created } = await this.threads.openEmpty(phoneNumberId, contactId, access.ownOnly ?? null);
    const thread = await this.visible.lock(access, 'write', id);
    if (name !== undefined) await this.commands.execute(new NameContact(contactId, name));
    const linked = referenceLink !== undefined && referenceLink !== thread.referenceLink;
    if (linked) await this.threads.change(id, { referenceLink });
    const changed = {
      ...(created && { created }),
      ...(name !== undefined && { contactName: name }),
      ...(linked && { referenceLink }),
    };
    if (Object.keys(changed).length > 0)
      await this.events.conversationsChanged([{ threadId: id, phoneNumberId, actor, changed }]);
    return { conversation: await this.queries.execute(new FindConversation(access, id)), created };
  }

  async #number(access: InboxAccess, wanted: string | undefined): Promise<string> {
    if (wanted === undefined) {
      const found = await this.threads.defaultNumber(access);
      if (found === undefined) throw new NumberNotSeen();
      return found;
    }
    if (!(await this.threads.seesNumber(access, wanted))) throw new NumberNotSeen();
    return wanted;
  }
}

import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Clock } from '../../../../kernel/clock.js';
import type { InboxAccess } from '../../../../kernel/inbox-access.js';
import { AuditLog } from '../../../../platform/auth/index.js';
import { Commands, Queries } from '../../../../platform/cqrs/commands.js';
import { CustomerNotFound, LockBooks, NameContact } from '../../../customers/index.js';
import { ActNotAllowed } from '../../domain/conversation-errors.js';
import type { ThreadStatus } from '../../domain/inbox/thread-status.js';
import type { ThreadType } from '../../domain/inbox/type-by-template.js';
import { botPauseOf } from '../../domain/silence.js';
import type { ConversationView } from '../conversation-view.js';
import { FindConversation } from '../find-conversation.js';
import { type ConversationChange, InboxEvents } from '../inbox-events.js';
import { type VisibleThread, VisibleThreads } from '../visible-threads.js';
import { InboxThreads } from './inbox-threads.js';

/** What is left out stays as it is. */
export interface ConversationChanges {
  readonly type?: ThreadType | undefined;
  readonly status?: ThreadStatus | undefined;
  readonly referenceLink?: string | null | undefined;
  /** Null: the customer is called as he calls himself. */
  readonly name?: string | null | undefined;
  /** Null: automation answers again. */
  readonly botPausedUntil?: Date | null | undefined;
}

/**
 * Archives, blocks, names, links (S1.72, S1.92). Who is blocked is not reminded either. To block, or to lift a block, is an act of its own.
 * @throws ConversationNotFound, ActNotAllowed
 */
export class ChangeConversation extends Command<ConversationView> {
  constructor(
    readonly access: InboxAccess,
    readonly actor: string,
    readonly conversationId: string,
    readonly changes: ConversationChanges,
  ) {
    super();
  }
}

@CommandHandler(ChangeConversation)
export class ChangeConversationHandler implements ICommandHandler<ChangeConversation> {
  constructor(
    private readonly commands: Commands,
    private readonly queries: Queries,
    private readonly visible: VisibleThreads,
    private readonly threads: InboxThreads,
    private readonly events: InboxEvents,
    private readonly audit: AuditLog,
    private readonly clock: Clock,
  ) {}

  async execute({ access, actor, conversationId, changes }: ChangeConversation): Promise<ConversationView> {
    if (changes.name !== undefined) {
      // A contact is locked before its threads, as inbound messages do it.
      const { contactId } = await this.visible.find(access, 'write', conversationId);
      await this.commands.execute(new NameContact(contactId, changes.name));
    }
    if (changes.status === 'blocked') await this.#holdReminders(access, conversationId);
    const thread = await this.visible.lock(access, 'write', conversationId);
    const now = this.clock.now();
    const { name, ...wanted } = endingWhatIsOver(changes, now);
    const changed = differing(thread, wanted);
    if (wanted.status !== undefined && (wanted.status === 'blocked' || thread.status === 'blocked')) {
      if (!access.may('block', thread)) throw new ActNotAllowed();
      const action = wanted.status === 'blocked' ? 'conversation.blocked' : 'conversation.unblocked';
      if (changed.status !== undefined) await this.audit.record({ action, subjectId: thread.id });
    }
    const { botPausedUntil: until } = changed;
    const takenOver = until && ({ botPausedAt: now, botPausedReason: 'person' } as const);
    if (Object.keys(changed).length > 0) await this.threads.change(thread.id, { ...changed, ...takenOver });
    const told: ConversationChange['changed'] = {
      ...changed,
      ...(name !== undefined && { contactName: name }),
      ...(until !== undefined && botPauseOf({ why: 'person', at: now, until: until ?? undefined }, now)),
    };
    if (Object.keys(told).length > 0)
      await this.events.conversationsChanged([
        { threadId: thread.id, phoneNumberId: thread.phoneNumberId, actor, changed: told },
      ]);
    return this.queries.execute(new FindConversation(access, thread.id));
  }

  /** A reminder that is about to leave has left before, or sees the block (D2); books are locked before the thread, as its sender does it. */
  async #holdReminders(access: InboxAccess, conversationId: string): Promise<void> {
    const { contactId } = await this.visible.find(access, 'write', conversationId);
    try {
      await this.commands.execute(new LockBooks(contactId));
    } catch (error) {
      if (!(error instanceof CustomerNotFound)) throw error;
    }
  }
}

/** A silence until a moment that is past is none. */
function endingWhatIsOver(changes: ConversationChanges, now: Date): ConversationChanges {
  return changes.botPausedUntil && changes.botPausedUntil <= now ? { ...changes, botPausedUntil: null } : changes;
}

type OfThread = Omit<ConversationChanges, 'name'>;

function differing(
  thread: VisibleThread,
  wanted: OfThread,
): { [Field in keyof OfThread]: NonNullable<OfThread[Field]> | null } & {
  status?: ThreadStatus;
  type?: ThreadType;
} {
  return Object.fromEntries(
    Object.entries(wanted).filter(
      ([field, value]) => value !== undefined && !same(value, thread[field as keyof OfThread]),
    ),
  );
}

function same(a: Date | string | null, b: Date | string | null | undefined): boolean {
  return a instanceof Date && b instanceof Date ? a.getTime() === b.getTime() : a === b;
}

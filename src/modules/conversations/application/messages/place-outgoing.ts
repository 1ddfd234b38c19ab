import { Injectable } from '@nestjs/common';
import { Clock } from '../../../../kernel/clock.js';
import { DomainError } from '../../../../kernel/domain-error.js';
import type { InboxAccess } from '../../../../kernel/inbox-access.js';
import { Commands } from '../../../../platform/cqrs/commands.js';
import { TenantScope } from '../../../../platform/database/tenant-scope.js';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';
import { ContactOfPhone, ResolveContact } from '../../../customers/index.js';
import {
  type AdmittedOutgoing,
  type LeavingMessage,
  type OpenedConversation,
  OutgoingPlacer,
  type OutgoingToPlace,
  type PlacedOutgoing,
  PlacesOutgoing,
  type Recipient,
} from '../../../messaging/index.js';
import { ConversationNotFound } from '../../domain/conversation-errors.js';
import { InboxThreads } from '../inbox/inbox-threads.js';
import { InboxEvents } from '../inbox-events.js';
import { RecordOutgoing } from '../record-outgoing.js';
import { type VisibleThread, VisibleThreads } from '../visible-threads.js';
import { Sending } from './sending.js';

/**
 * Places what is sent by address (`POST /v1/messages`) in the conversation with who has it, which is opened where there is none. Who sees his
 * own conversations alone writes in those alone; one that he opens is his.
 */
@Injectable()
@PlacesOutgoing()
export class PlaceOutgoing extends OutgoingPlacer {
  constructor(
    private readonly commands: Commands,
    private readonly threads: InboxThreads,
    private readonly visible: VisibleThreads,
    private readonly sending: Sending,
    private readonly events: InboxEvents,
    private readonly unitOfWork: UnitOfWork,
    private readonly scope: TenantScope,
    private readonly clock: Clock,
  ) {
    super();
  }

  async open({
    access,
    phoneNumberId,
    to,
  }: Pick<OutgoingToPlace, 'access' | 'phoneNumberId' | 'to'>): Promise<OpenedConversation> {
    const { id, contactId } = await this.#open(access, phoneNumberId, to);
    return { threadId: id, contactId };
  }

  async place({ access, phoneNumberId, to, content, sentBy, isForLater }: OutgoingToPlace): Promise<PlacedOutgoing> {
    const thread = await this.#open(access, phoneNumberId, to);
    const admitted = await this.sending.admit(thread, to, content);
    if (isForLater) return { threadId: thread.id };
    await this.sending.note(thread, content, sentBy);
    return { threadId: thread.id, ...admitted };
  }

  async lock(threadIds: readonly string[]): Promise<ReadonlyMap<string, OpenedConversation>> {
    const threads = await this.visible.lockAll(threadIds);
    return new Map([...threads].map(([asked, { id: threadId, contactId }]) => [asked, { threadId, contactId }]));
  }

  /** Nobody sits before them when they leave: they say nothing of what was read, and silence nothing. */
  async leave(
    phoneNumberId: string,
    messages: readonly LeavingMessage[],
  ): Promise<ReadonlyMap<string, AdmittedOutgoing | DomainError>> {
    const threads = await this.visible.lockAll(messages.map(({ threadId }) => threadId));
    const departures = messages.flatMap(({ threadId, ...message }) => {
      const thread = threads.get(threadId);
      return thread ? [{ ...message, thread }] : [];
    });
    const admitted = await this.sending.admitAll(phoneNumberId, departures);
    const shown = departures.filter(({ messageId }) => !(admitted.get(messageId) instanceof DomainError));
    const latest = new Map(shown.map(({ thread: { contactId }, content }) => [contactId, { contactId, content }]));
    await this.commands.execute(new RecordOutgoing(phoneNumberId, [...latest.values()]));
    return new Map(messages.map(({ messageId }) => [messageId, admitted.get(messageId) ?? new ConversationNotFound()]));
  }

  async #open(access: InboxAccess, phoneNumberId: string, to: Recipient): Promise<VisibleThread> {
    const contactId = await this.#contactOf(to);
    const { id, created } = await this.threads.openEmpty(phoneNumberId, contactId, access.ownOnly ?? null);
    const thread = await this.visible.lock(access, 'write', id);
    if (created) await this.events.conversationsChanged([{ threadId: thread.id, phoneNumberId, changed: { created } }]);
    return thread;
  }

  async #contactOf({ kind, value }: Recipient): Promise<string> {
    if (kind === 'phone') return this.commands.execute(new ContactOfPhone(`+${value}`));
    const [known] = await this.unitOfWork.sql.query<{ contact_id: string }>(
      `select contact_id from contact_identity where tenant_id = $1::uuid and kind in ('bsuid', 'parent_bsuid') and value = $2 limit 1`,
      [this.scope.tenantId, value],
    );
    if (known) return known.contact_id;
    return (await this.commands.execute(new ResolveContact({ userId: value }, this.clock.now()))).contactId;
  }
}

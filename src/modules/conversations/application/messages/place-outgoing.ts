import { Injectable } from '@nestjs/common';
import { Clock } from '../../../../kernel/clock.js';
import { Commands } from '../../../../platform/cqrs/commands.js';
import { TenantScope } from '../../../../platform/database/tenant-scope.js';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';
import { ContactOfPhone, ResolveContact } from '../../../customers/index.js';
import {
  OutgoingPlacer,
  type OutgoingToPlace,
  type PlacedOutgoing,
  PlacesOutgoing,
  type Recipient,
} from '../../../messaging/index.js';
import { InboxThreads } from '../inbox/inbox-threads.js';
import { InboxEvents } from '../inbox-events.js';
import { VisibleThreads } from '../visible-threads.js';
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

  async place({ access, phoneNumberId, to, content, sentBy }: OutgoingToPlace): Promise<PlacedOutgoing> {
    const contactId = await this.#contactOf(to);
    const { id, created } = await this.threads.openEmpty(phoneNumberId, contactId, access.ownOnly ?? null);
    const thread = await this.visible.lock(access, 'write', id);
    const admitted = await this.sending.admit(thread, to, content);
    if (created) await this.events.conversationsChanged([{ threadId: thread.id, phoneNumberId, changed: { created } }]);
    await this.sending.note(thread, content, sentBy);
    return { threadId: thread.id, ...admitted };
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

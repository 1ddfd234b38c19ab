import { Injectable } from '@nestjs/common';
import { DomainError } from '../../../../kernel/domain-error.js';
import { InboxAccess } from '../../../../kernel/inbox-access.js';
import { TenantScope } from '../../../../platform/database/tenant-scope.js';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';
import { checkContent } from '../../domain/content-limits.js';
import { MessageComposers, type ComposedMessage, FlowTemplateNotFound } from './message-composer.js';
import { FollowsMessages, MessageFollower, type MessageToRelease, type Release } from './message-follower.js';
import { OutgoingPlacers } from './outgoing-placer.js';

/** How messages say that they were ordered for a later hour; their subject is the conversation. */
export const SCHEDULED = 'schedule';

interface ScheduledRow {
  id: string;
  thread_id: string | null;
  template_key: string | null;
  variables: Record<string, string> | null;
}

/**
 * Messages that were ordered for a later hour are judged once more when it has come: the customer's window may have closed, the
 * conversation may be blocked. A step of a flow is made anew, so that it says what holds then; the conversation stands at it from then on.
 */
@Injectable()
@FollowsMessages(SCHEDULED)
export class ScheduledMessages extends MessageFollower {
  constructor(
    private readonly composers: MessageComposers,
    private readonly placers: OutgoingPlacers,
    private readonly unitOfWork: UnitOfWork,
    private readonly scope: TenantScope,
  ) {
    super();
  }

  async release(messages: readonly MessageToRelease[]): Promise<ReadonlyMap<string, Release>> {
    const rows = await this.unitOfWork.sql.query<ScheduledRow>(
      'select id, thread_id, template_key, variables from message where tenant_id = $1::uuid and id = any($2::uuid[])',
      [this.scope.tenantId, messages.map(({ messageId }) => messageId)],
    );
    const found = new Map(rows.map((row) => [row.id, row]));
    const releases = new Map<string, Release>();
    for (const message of messages)
      releases.set(message.messageId, await this.#releaseOne(message, found.get(message.messageId)!));
    return releases;
  }

  async moved(): Promise<void> {}

  async #releaseOne(message: MessageToRelease, row: ScheduledRow): Promise<Release> {
    try {
      const composed = await this.#compose(message, row);
      if (composed) checkContent(composed.content);
      if (row.thread_id !== null)
        await this.placers.find()?.leave(row.thread_id, message.to, composed?.content ?? message.content);
      await composed?.accepted();
      return { then: 'go', ...(composed && { content: composed.content }) };
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      return { then: 'fail', code: error.code, title: error.message };
    }
  }

  async #compose(
    { phoneNumberId, to }: MessageToRelease,
    { template_key: templateKey, variables }: ScheduledRow,
  ): Promise<ComposedMessage | undefined> {
    if (templateKey === null) return undefined;
    const [composer, placer] = [this.composers.find(), this.placers.find()];
    if (!composer || !placer) throw new FlowTemplateNotFound(templateKey);
    const conversation = await placer.open({ access: InboxAccess.of({ areas: 'all' }), phoneNumberId, to });
    return composer.compose({ templateKey, variables: variables ?? {}, ...conversation });
  }
}

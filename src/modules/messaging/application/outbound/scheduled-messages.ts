import { Injectable } from '@nestjs/common';
import { DomainError } from '../../../../kernel/domain-error.js';
import { TenantScope } from '../../../../platform/database/tenant-scope.js';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';
import { checkContent } from '../../domain/content-limits.js';
import { type ComposedMessage, FlowTemplateNotFound, MessageComposers } from './message-composer.js';
import { FollowsMessages, MessageFollower, type MessageToRelease, type Release } from './message-follower.js';
import {
  type AdmittedOutgoing,
  type LeavingMessage,
  type OpenedConversation,
  type OutgoingPlacer,
  OutgoingPlacers,
} from './outgoing-placer.js';

/** How messages say that they were ordered for a later hour; their subject is the conversation. */
export const SCHEDULED = 'schedule';

/**
 * Rows of `message` that their conversation shows, in SQL: not what waits for its hour, and not what was called back before.
 * @param message the alias of `message`
 */
export function shownMessages(message: string): string {
  return `(${message}.follower is distinct from '${SCHEDULED}')`;
}

/** Steps are made one by one while the whole claim is held: for so long, then those that are made leave before the others are. */
const COMPOSING_MS = 250;

interface ScheduledRow {
  id: string;
  thread_id: string | null;
  template_key: string | null;
  variables: Record<string, string> | null;
}

interface Leaving extends MessageToRelease {
  readonly threadId: string | null;
  /** Undefined: it leaves with the words that it was ordered with. */
  readonly composed: ComposedMessage | undefined;
}

/**
 * Messages that were ordered for a later hour are judged once more when it has come: the customer's window may have closed, the
 * conversation may be blocked. A step of a flow is made anew, so that it says what holds then; the conversation stands at it from then on.
 * All that happens once, with the first attempt: from then on the message is like any that is ordered for now.
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
    const placer = this.placers.find();
    const rows = await this.#rows(messages);
    const conversations = await placer?.lock([...rows.values()].flatMap(({ thread_id }) => thread_id ?? []));
    const releases = new Map<string, Release>();
    const leaving: Leaving[] = [];
    const begun = performance.now();
    for (const message of messages) {
      const row = rows.get(message.messageId)!;
      const conversation = row.thread_id === null ? undefined : conversations?.get(row.thread_id);
      const isStep = row.template_key !== null;
      if (isStep && performance.now() - begun > COMPOSING_MS) releases.set(message.messageId, { then: 'wait' });
      else
        try {
          const composed = await this.#compose(row, conversation);
          leaving.push({ ...message, threadId: row.thread_id, composed });
        } catch (error) {
          releases.set(message.messageId, refusal(error));
        }
    }
    const admitted = await this.#leave(placer, leaving);
    for (const one of leaving) releases.set(one.messageId, await release(one, admitted?.get(one.messageId)));
    return releases;
  }

  async moved(): Promise<void> {}

  async #rows(messages: readonly MessageToRelease[]): Promise<ReadonlyMap<string, ScheduledRow>> {
    const rows = await this.unitOfWork.sql.query<ScheduledRow>(
      'select id, thread_id, template_key, variables from message where tenant_id = $1::uuid and id = any($2::uuid[])',
      [this.scope.tenantId, messages.map(({ messageId }) => messageId)],
    );
    return new Map(rows.map((row) => [row.id, row]));
  }

  async #compose(
    { template_key: templateKey, variables }: ScheduledRow,
    conversation: OpenedConversation | undefined,
  ): Promise<ComposedMessage | undefined> {
    if (templateKey === null) return undefined;
    const composer = this.composers.find();
    if (!composer || !conversation) throw new FlowTemplateNotFound(templateKey);
    const composed = await composer.compose({ templateKey, variables: variables ?? {}, ...conversation });
    checkContent(composed.content);
    return composed;
  }

  #leave(
    placer: OutgoingPlacer | undefined,
    leaving: readonly Leaving[],
  ): Promise<ReadonlyMap<string, AdmittedOutgoing | DomainError>> | undefined {
    const placed = leaving.flatMap(({ messageId, threadId, to, content, composed }): LeavingMessage[] =>
      threadId === null ? [] : [{ messageId, threadId, to, content: composed?.content ?? content }],
    );
    return placed.length === 0 ? undefined : placer?.leave(leaving[0]!.phoneNumberId, placed);
  }
}

async function release({ composed }: Leaving, admitted: AdmittedOutgoing | DomainError | undefined): Promise<Release> {
  if (admitted instanceof DomainError) return refusal(admitted);
  try {
    await composed?.accepted();
  } catch (error) {
    return refusal(error);
  }
  return { then: 'join', ...admitted, ...(composed && { content: composed.content }) };
}

/** @throws what is no refusal, but a fault */
function refusal(error: unknown): Release {
  if (!(error instanceof DomainError)) throw error;
  return { then: 'fail', code: error.code, title: error.message };
}

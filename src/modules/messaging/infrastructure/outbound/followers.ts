import { Injectable } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import {
  FollowsMessages,
  type FollowedMove,
  MessageFollower,
  type MessageToRelease,
  NOBODY_ANSWERS,
  type Release,
} from '../../application/outbound/message-follower.js';
import type { MovedMessage } from '../../application/outbound/message-watcher.js';
import type { OutboundState, SendFailure } from '../../domain/outbound-message.js';
import { Watchers } from './watchers.js';

/** What a statement returns of each message that it moved. */
export interface MovedRow {
  readonly id: string;
  readonly phone_number_id: string;
  readonly thread_id: string | null;
  readonly wamid: string | null;
  readonly idempotency_key: string | null;
  readonly template_key: string | null;
  readonly state: OutboundState;
  readonly failure: SendFailure | null;
  readonly follower: string | null;
  readonly subject_id: string | null;
  /** The states that led to this one, itself the last; left out: itself alone. */
  readonly passed?: readonly OutboundState[];
}

/** Names these columns of a `message m` in a RETURNING or SELECT. */
export const MOVED_COLUMNS =
  'm.id, m.phone_number_id, m.thread_id, m.wamid, m.idempotency_key, m.template_key, m.state, m.failure, m.follower, m.subject_id';

/** Passes messages to those who follow them, in the open transaction. What belongs to a follower that is not in this process does not leave. */
@Injectable()
export class Followers {
  #found: ReadonlyMap<string, MessageFollower> | undefined;

  constructor(
    private readonly discovery: DiscoveryService,
    private readonly watchers: Watchers,
  ) {}

  async release(
    messages: readonly (MessageToRelease & { readonly follower: string })[],
  ): Promise<ReadonlyMap<string, Release>> {
    const releases = new Map<string, Release>();
    for (const [follower, followed] of Map.groupBy(messages, ({ follower }) => follower)) {
      const decided = await this.#all.get(follower)?.release(followed);
      for (const { messageId } of followed)
        releases.set(messageId, decided?.get(messageId) ?? { then: 'withhold', reason: NOBODY_ANSWERS });
    }
    return releases;
  }

  /** Tells followers of theirs how they stand, and watchers of all what they went through. */
  async tell(rows: readonly MovedRow[]): Promise<void> {
    const followed = rows.filter(({ follower }) => follower !== null);
    for (const [follower, moved] of Map.groupBy(followed, (row) => row.follower!))
      await this.#all.get(follower)?.moved(moved.map(toMove));
    await this.watchers.moved(rows.flatMap(toMoved));
  }

  get #all(): ReadonlyMap<string, MessageFollower> {
    return (this.#found ??= new Map(
      this.discovery.getProviders().flatMap((wrapper) => {
        const name = this.discovery.getMetadataByDecorator(FollowsMessages, wrapper);
        return name && wrapper.instance instanceof MessageFollower ? [[name, wrapper.instance] as const] : [];
      }),
    ));
  }
}

function toMoved({ id, phone_number_id, thread_id, wamid, failure, ...row }: MovedRow): MovedMessage[] {
  return (row.passed ?? [row.state]).map((state) => ({
    messageId: id,
    phoneNumberId: phone_number_id,
    threadId: thread_id,
    wamid,
    idempotencyKey: row.idempotency_key,
    templateKey: row.template_key,
    state,
    failure: state === row.state ? (failure ?? undefined) : undefined,
  }));
}

export function toMove({ id, state, failure, subject_id }: MovedRow): FollowedMove {
  return { messageId: id, subjectId: subject_id!, state, failure: failure ?? undefined };
}

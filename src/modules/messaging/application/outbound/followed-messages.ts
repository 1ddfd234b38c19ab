import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import type { FollowedMessage } from './message-follower.js';
import { OutgoingMessages } from './outgoing-messages.js';

/**
 * How messages stand that have left the queue, for a follower that was not there to be told. They stay so until the transaction ends; those
 * that move at this moment are left out.
 */
export class FollowedMessages extends Query<FollowedMessage[]> {
  /** @param follower as its `@FollowsMessages(...)` says */
  constructor(
    readonly follower: string,
    readonly messageIds: readonly string[],
  ) {
    super();
  }
}

@QueryHandler(FollowedMessages)
export class FollowedMessagesHandler implements IQueryHandler<FollowedMessages> {
  constructor(private readonly messages: OutgoingMessages) {}

  execute({ follower, messageIds }: FollowedMessages): Promise<FollowedMessage[]> {
    return this.messages.followed(follower, messageIds);
  }
}

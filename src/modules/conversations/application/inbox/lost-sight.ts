import { Injectable } from '@nestjs/common';
import type { ThreadFacts } from '../../../../kernel/inbox-access.js';
import { InboxEvents } from '../inbox-events.js';
import { InboxThreads } from './inbox-threads.js';

/** Tells whoever worked on a conversation and does not see it any more that it has left them. */
@Injectable()
export class LostSight {
  constructor(
    private readonly threads: InboxThreads,
    private readonly events: InboxEvents,
  ) {}

  /** @param thread as it is from now on */
  async tell(
    userId: string,
    thread: ThreadFacts & { readonly id: string; readonly phoneNumberId: string },
  ): Promise<void> {
    const colleague = await this.threads.holdColleague(userId);
    if (!colleague?.isActive || colleague.access.sees(thread)) return;
    await this.events.conversationLeft({ threadId: thread.id, phoneNumberId: thread.phoneNumberId }, [userId]);
  }
}

import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';
import { MessageNotFound } from '../../domain/outbound-message.js';
import { type AttemptView, type MessageView, toMessageSummary } from './message-view.js';

/** One outgoing message with what happened to it. @throws MessageNotFound */
export class FindMessage extends Query<MessageView> {
  constructor(readonly messageId: string) {
    super();
  }
}

@QueryHandler(FindMessage)
export class FindMessageHandler implements IQueryHandler<FindMessage> {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  async execute({ messageId }: FindMessage): Promise<MessageView> {
    const row = await this.unitOfWork.prisma.message.findFirst({
      where: { id: messageId, direction: 'OUTBOUND' },
      include: { attempts: { orderBy: { attemptNo: 'asc' } } },
    });
    if (!row) throw new MessageNotFound();
    const attempts = row.attempts.map((attempt): AttemptView => ({
      attempt: attempt.attemptNo,
      startedAt: attempt.startedAt,
      finishedAt: attempt.finishedAt,
      outcome: attempt.outcome as AttemptView['outcome'],
      wamid: attempt.wamid,
      error: attempt.error as AttemptView['error'],
    }));
    return {
      ...toMessageSummary(row),
      statuses: row.statuses as unknown as MessageView['statuses'],
      attempts,
      acceptedTwice: attempts.filter(({ outcome }) => outcome === 'accepted').length > 1,
    };
  }
}

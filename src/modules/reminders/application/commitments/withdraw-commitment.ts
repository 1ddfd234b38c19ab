import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Clock } from '../../../../kernel/clock.js';
import { AuditLog } from '../../../../platform/auth/index.js';
import { Commands, Queries } from '../../../../platform/cqrs/commands.js';
import { FindDue, LockBooks, ResumeDue } from '../../../customers/index.js';
import { CommitmentEnded } from '../../domain/commitment-errors.js';
import { Commitments } from './commitments.js';

/** Takes a promise off the books, and its pause with it. Emits PromiseWithdrawn. @throws CommitmentNotFound, CommitmentEnded */
export class WithdrawCommitment extends Command<void> {
  constructor(readonly commitmentId: string) {
    super();
  }
}

@CommandHandler(WithdrawCommitment)
export class WithdrawCommitmentHandler implements ICommandHandler<WithdrawCommitment> {
  constructor(
    private readonly commitments: Commitments,
    private readonly commands: Commands,
    private readonly queries: Queries,
    private readonly audit: AuditLog,
    private readonly clock: Clock,
  ) {}

  async execute({ commitmentId }: WithdrawCommitment): Promise<void> {
    const { customerId, dueId } = (await this.commitments.find(commitmentId)).snapshot;
    await this.commands.execute(new LockBooks(customerId));
    const [open] = await this.commitments.openOf([dueId]);
    if (open?.snapshot.id !== commitmentId) throw new CommitmentEnded();
    open.withdraw(this.clock.now());
    await this.commitments.save([open]);
    const { reminderPausedUntil } = await this.queries.execute(new FindDue(dueId));
    const isItsOwnPause = reminderPausedUntil && reminderPausedUntil <= open.snapshot.judgedAt;
    if (isItsOwnPause) await this.commands.execute(new ResumeDue(dueId));
    await this.audit.record({ action: 'commitment.withdrawn', subjectId: commitmentId, details: { dueId } });
  }
}

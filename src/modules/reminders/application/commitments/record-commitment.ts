import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Clock } from '../../../../kernel/clock.js';
import type { Money } from '../../../../kernel/money.js';
import { AuditLog } from '../../../../platform/auth/index.js';
import { Commands } from '../../../../platform/cqrs/commands.js';
import { CustomerNotFound, DueNotFound } from '../../../customers/index.js';
import type { SaidAnswer } from '../../domain/answers/answer.js';
import { NothingToPromise } from '../../domain/commitment-errors.js';
import { TakeAnswer } from '../answers/take-answer.js';
import { type CommitmentView, viewOf } from './commitment-view.js';

/**
 * Writes down what a customer promised to somebody of the merchant's, on the telephone for one (D3). Takes the place of the promise that
 * is open. @throws CustomerNotFound, DueNotFound, NothingToPromise, PromiseDayNotAhead, PromiseAmountTooHigh, CurrencyMismatch
 */
export class RecordCommitment extends Command<CommitmentView> {
  constructor(
    readonly customerId: string,
    readonly dueId: string,
    readonly answer: SaidAnswer,
    readonly amount: Money | undefined,
  ) {
    super();
  }
}

@CommandHandler(RecordCommitment)
export class RecordCommitmentHandler implements ICommandHandler<RecordCommitment> {
  constructor(
    private readonly commands: Commands,
    private readonly audit: AuditLog,
    private readonly clock: Clock,
  ) {}

  async execute({ customerId, dueId, answer, amount }: RecordCommitment): Promise<CommitmentView> {
    const said = { source: 'user', wamid: undefined, said: undefined } as const;
    const taken = await this.commands.execute(
      new TakeAnswer({ ...said, customerId, dueId, answer, amount, at: this.clock.now() }),
    );
    if (!taken.customer) throw new CustomerNotFound();
    if (taken.outcome === 'unknown-due') throw new DueNotFound();
    if (!('commitment' in taken)) throw new NothingToPromise();
    const { id } = taken.commitment;
    await this.audit.record({
      action: 'commitment.recorded',
      subjectId: id,
      details: { dueId, answer: answer.answer },
    });
    return viewOf(taken.commitment);
  }
}

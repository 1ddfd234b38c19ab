import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { DueNotFound } from '../../domain/ledger/ledger-errors.js';
import { CustomerAccounts } from './customer-accounts.js';
import { type DueNote, DueNotes } from './due-notes.js';
import { DuePlans } from './due-plans.js';

export interface AnswerToNote extends DueNote {
  readonly customerId: string;
  /** Of this customer; left out: the answer was about none. */
  readonly dueId?: string | undefined;
  /** The answer in words of ours, for the merchant to read (S0.64). */
  readonly feedback: string;
  readonly at: Date;
}

/** Notes what a customer answered (S0.64, S0.69-S0.73, S0.76): on the due, and on the customer. @throws CustomerNotFound, DueNotFound */
export class NoteAnswer extends Command<void> {
  constructor(readonly answer: AnswerToNote) {
    super();
  }
}

@CommandHandler(NoteAnswer)
export class NoteAnswerHandler implements ICommandHandler<NoteAnswer> {
  constructor(
    private readonly accounts: CustomerAccounts,
    private readonly notes: DueNotes,
    private readonly plans: DuePlans,
  ) {}

  async execute({ answer: { dueId, feedback, at, ...answer } }: NoteAnswer): Promise<void> {
    const customerId = await this.accounts.lock(answer.customerId);
    await this.notes.writeAnswer(customerId, feedback, at);
    if (dueId === undefined) return;
    if ((await this.accounts.customerOfDue(dueId)) !== customerId) throw new DueNotFound();
    await this.notes.write(dueId, answer);
    await this.plans.plan([dueId]);
  }
}

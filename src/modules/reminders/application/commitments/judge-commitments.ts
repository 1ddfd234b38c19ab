import { Logger } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Clock } from '../../../../kernel/clock.js';
import { Commands, OpensItsOwnTransactions, Queries } from '../../../../platform/cqrs/commands.js';
import { isTransient, isUnavailable } from '../../../../platform/database/database-errors.js';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';
import { FindDue, LockBooks, ResumeDue } from '../../../customers/index.js';
import { Commitments, type CommitmentToJudge, promisedDue } from './commitments.js';

/** Promises that are read at a time; each is judged in a transaction of its own. */
const BATCH = 100;

/**
 * Judges the promises whose time has come: kept, kept in part, broken (D3). What was not kept has its due's next step planned.
 * A process that dies in between has judged some; the next run judges the rest. Emits PromiseKept, PromiseBroken.
 * @returns when the next one is to be judged; undefined when none is open
 */
@OpensItsOwnTransactions()
export class JudgeCommitments extends Command<Date | undefined> {}

@CommandHandler(JudgeCommitments)
export class JudgeCommitmentsHandler implements ICommandHandler<JudgeCommitments> {
  readonly #logger = new Logger(JudgeCommitments.name);

  constructor(
    private readonly commitments: Commitments,
    private readonly commands: Commands,
    private readonly queries: Queries,
    private readonly unitOfWork: UnitOfWork,
    private readonly clock: Clock,
  ) {}

  async execute(): Promise<Date | undefined> {
    const now = this.clock.now();
    let last: CommitmentToJudge | undefined;
    for (let more = true; more;) {
      const due = await this.unitOfWork.runSql(() => this.commitments.toJudge(now, last, BATCH));
      for (const one of due) await this.#judgeAlone(one);
      last = due.at(-1);
      more = due.length === BATCH;
    }
    return this.unitOfWork.runSql(() => this.commitments.nextJudgedAfter(now));
  }

  /** One that cannot be judged holds up nobody else's; it is tried again with the next. */
  async #judgeAlone(one: CommitmentToJudge): Promise<void> {
    try {
      await this.unitOfWork.runSql(() => this.#judge(one));
    } catch (error) {
      if (isTransient(error) || isUnavailable(error)) throw error;
      this.#logger.error(
        `Promise ${one.id} could not be judged: ${error instanceof Error ? error.stack : String(error)}`,
      );
    }
  }

  async #judge({ id, customerId, dueId }: CommitmentToJudge): Promise<void> {
    await this.commands.execute(new LockBooks(customerId));
    const [commitment] = await this.commitments.openOf([dueId]);
    if (commitment?.snapshot.id !== id) return;
    const due = await this.queries.execute(new FindDue(dueId));
    const now = this.clock.now();
    commitment.judge(promisedDue(due), now);
    await this.commitments.save([commitment]);
    const wasNotKept = commitment.snapshot.state === 'broken' || commitment.snapshot.state === 'part_kept';
    // A pause that outlasts the promise is somebody else's: it stays.
    const isFree = !due.reminderPausedUntil || due.reminderPausedUntil <= now;
    if (wasNotKept && isFree) await this.commands.execute(new ResumeDue(dueId));
  }
}

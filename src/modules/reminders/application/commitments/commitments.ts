import type { DueView } from '../../../customers/index.js';
import type { Commitment, PromisedDue } from '../../domain/commitment.js';

/** An open promise whose time has come. */
export interface CommitmentToJudge {
  readonly id: string;
  readonly customerId: string;
  readonly dueId: string;
  readonly judgedAt: Date;
}

/** Promises to pay. Whoever changes one has locked the customer's books first. */
export abstract class Commitments {
  /** @throws CommitmentNotFound */
  abstract find(id: string): Promise<Commitment>;
  /** The open promises about these dues, at most one a due, locked until the transaction ends. */
  abstract openOf(dueIds: readonly string[]): Promise<Commitment[]>;
  /** In the order given: what ends goes before what takes its place. */
  abstract save(commitments: readonly Commitment[]): Promise<void>;
  /** Those whose time has come, oldest first. */
  abstract toJudge(now: Date, after: CommitmentToJudge | undefined, limit: number): Promise<CommitmentToJudge[]>;
  /** When the next promise is to be judged; those whose time has come are left out. */
  abstract nextJudgedAfter(now: Date): Promise<Date | undefined>;
}

/** A due as a promise looks at it. */
export function promisedDue({ outstanding, paid, settledAt, status }: DueView): PromisedDue {
  return {
    outstandingMinor: outstanding.amountMinor,
    paidMinor: paid.amountMinor,
    settled: settledAt ? (status === 'WRITTEN_OFF' ? 'WRITTEN_OFF' : 'PAID') : undefined,
  };
}

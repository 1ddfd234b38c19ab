import { Injectable } from '@nestjs/common';
import { Clock } from '../../../../kernel/clock.js';
import { Commands, Queries } from '../../../../platform/cqrs/commands.js';
import { type DeliveredEvent, Reaction, ReactsTo } from '../../../../platform/outbox/reaction.js';
import {
  type DueSettled,
  FindDue,
  LockBooks,
  type PaymentRecorded,
  type PaymentReversed,
} from '../../../customers/index.js';
import { Commitments, promisedDue } from './commitments.js';

type Moved = PaymentRecorded['payload'] | PaymentReversed['payload'] | DueSettled['payload'];

/** Money that came is held against the promises about its dues: what was promised and paid is kept at once (D3). */
@Injectable()
@ReactsTo(['customers.payment-recorded', 'customers.payment-reversed', 'customers.due-settled'])
export class SettlePromisesWhenMoneyMoved extends Reaction {
  constructor(
    private readonly commitments: Commitments,
    private readonly commands: Commands,
    private readonly queries: Queries,
    private readonly clock: Clock,
  ) {
    super();
  }

  async on({ payload }: DeliveredEvent): Promise<void> {
    const moved = payload as unknown as Moved;
    await this.commands.execute(new LockBooks(moved.customerId));
    const open = await this.commitments.openOf(duesOf(moved));
    for (const commitment of open) {
      const due = await this.queries.execute(new FindDue(commitment.snapshot.dueId));
      commitment.paymentRecorded(promisedDue(due), this.clock.now());
    }
    await this.commitments.save(open);
  }
}

function duesOf(moved: Moved): readonly string[] {
  if (isPayment(moved)) return moved.allocations.map(({ dueId }) => dueId);
  return isReversal(moved) ? moved.dueIds : [moved.dueId];
}

function isPayment(moved: Moved): moved is PaymentRecorded['payload'] {
  return 'allocations' in moved;
}

function isReversal(moved: Moved): moved is PaymentReversed['payload'] {
  return 'dueIds' in moved;
}

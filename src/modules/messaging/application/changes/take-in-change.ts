import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';
import { DeadLetters } from '../../../../platform/dead-letters/dead-letters.js';
import type { ChangeConsumer } from './change-consumer.js';
import type { ProviderChange } from './provider-change.js';
import { WaitingChanges } from './waiting-changes.js';

/** Finds whoever consumes a kind of change, in order of their discovery; the modules that they stand in are not known here. */
export abstract class ChangeConsumers {
  abstract of(kind: ProviderChange['kind']): readonly ChangeConsumer[];
}

/** Takes in one webhook event: all its changes reach all their consumers, and it is done, in one transaction. */
@Injectable()
export class TakeInChange {
  constructor(
    private readonly changes: WaitingChanges,
    private readonly consumers: ChangeConsumers,
    private readonly unitOfWork: UnitOfWork,
    private readonly deadLetters: DeadLetters,
  ) {}

  /** Rejects when it could not be done; nothing of it has happened then. */
  takeIn(eventId: string): Promise<void> {
    return this.unitOfWork.run(async () => {
      const taken = await this.changes.take(eventId);
      if (!taken) return;
      for (const change of taken.changes)
        for (const consumer of this.consumers.of(change.kind)) await consumer.consume(change, taken.source);
    });
  }

  /** After its last try, or when it may be what kills the process: its lane goes on, and a person decides. */
  giveUp(eventId: string, reason: string, lastError: string): Promise<void> {
    return this.unitOfWork.run(async () => {
      await this.changes.quarantine(eventId, reason);
      await this.deadLetters.bury({ kind: 'webhook-event', subjectId: eventId, reason, lastError });
    });
  }
}

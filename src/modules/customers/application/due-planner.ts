import { DiscoveryService } from '@nestjs/core';

/** A message that is going to be sent about a due, as the answer to adding one shows it. */
export interface PlannedReminder {
  readonly id: string;
  readonly stage: 'before_due' | 'due_today' | 'after_due';
  readonly scheduledFor: Date;
}

/**
 * Plans what is to happen with dues. The module that reminds provides one, marked with `@PlansDues()`; it runs in the transaction
 * that changed the dues, so that a due and its plan are there together or not at all.
 */
export abstract class DuePlanner {
  /**
   * These dues were added, or their amount, date, term, pause or payments changed: makes what is planned fit what they are now.
   * Idempotent. @returns what is planned for each, by due
   */
  abstract plan(dueIds: readonly string[]): Promise<ReadonlyMap<string, readonly PlannedReminder[]>>;
}

export const PlansDues = DiscoveryService.createDecorator();

import { DiscoveryService } from '@nestjs/core';

/** How often a kind of work is tried before it is given up. */
export interface RetryPolicy {
  /** What the work is, for people. */
  readonly work: string;
  /** Before the second, the third ... attempt; one attempt more than there are waits. */
  readonly waitsSeconds: readonly number[];
  /** By which part of itself a wait may be shorter or longer, so that what failed at one moment does not come back at one. */
  readonly spread?: number;
  /** The last wait is repeated for so many days. */
  readonly repeatedForDays?: number;
}

/** Takes up again what was given up, by the same idempotent path as the first time. Runs in the open transaction of a scope. */
export abstract class Redrive {
  /** How the work is tried before it gets here. */
  readonly policies: readonly RetryPolicy[] = [];

  /** @returns false when the subject is gone or no longer dead */
  abstract redrive(subjectId: string): Promise<boolean>;

  /** What the work is about, for a person who looks; secrets and numbers are taken out of it. Undefined: there is nothing to show. */
  contentOf(_subjectId: string): Promise<unknown> {
    return Promise.resolve(undefined);
  }
}

/** Marks the `Redrive` of a kind of dead letter. */
export const Redrives = DiscoveryService.createDecorator<string>();

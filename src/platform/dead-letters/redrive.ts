import { DiscoveryService } from '@nestjs/core';

/** Takes up again what was given up, by the same idempotent path as the first time. Runs in the open transaction of a scope. */
export abstract class Redrive {
  /** @returns false when the subject is gone or no longer dead */
  abstract redrive(subjectId: string): Promise<boolean>;

  /** What the work is about, for a person who looks; secrets and numbers are taken out of it. Undefined: there is nothing to show. */
  contentOf(_subjectId: string): Promise<unknown> {
    return Promise.resolve(undefined);
  }
}

/** Marks the `Redrive` of a kind of dead letter. */
export const Redrives = DiscoveryService.createDecorator<string>();

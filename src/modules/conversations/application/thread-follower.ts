import { Injectable } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';

/**
 * Whoever keeps something by thread moves it when two threads turn out to be one conversation, in the transaction that says so. Provided by
 * other modules, marked with `@FollowsThreads()`.
 */
export abstract class ThreadFollower {
  /** What stood under `fromThreadId` stands under `intoThreadId` from here on. Statements through `UnitOfWork.sql`. */
  abstract fold(fromThreadId: string, intoThreadId: string): Promise<void>;
}

export const FollowsThreads = DiscoveryService.createDecorator();

/** Tells all followers. */
@Injectable()
export class ThreadFollowers {
  constructor(private readonly discovery: DiscoveryService) {}

  async fold(fromThreadId: string, intoThreadId: string): Promise<void> {
    for (const { instance } of this.discovery.getProviders({ metadataKey: FollowsThreads.KEY }))
      await (instance as ThreadFollower).fold(fromThreadId, intoThreadId);
  }
}

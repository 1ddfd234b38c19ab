import { Injectable } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';

/**
 * Whoever keeps rows by customer moves them when two customers turn out to be one, in the transaction that says so. Provided by
 * other modules, marked with `@FollowsBooks()`.
 */
export abstract class BooksFollower {
  /** What stood under `fromCustomerId` stands under `toCustomerId` from here on. */
  abstract move(fromCustomerId: string, toCustomerId: string): Promise<void>;
}

export const FollowsBooks = DiscoveryService.createDecorator();

/** Moves dues, lines and balances of absorbed contacts to their survivor. */
export abstract class MovesBooks {
  /**
   * Both books are added up; of settings that both have, the survivor's stay; who opted out as either is opted out. Books in another
   * currency stay where they are, under the absorbed contact: nobody can say what they come to together.
   */
  abstract move(absorbedIds: readonly string[], survivorId: string): Promise<void>;
}

/** Asks all followers. */
@Injectable()
export class BooksFollowers {
  constructor(private readonly discovery: DiscoveryService) {}

  async move(fromCustomerId: string, toCustomerId: string): Promise<void> {
    for (const { instance } of this.discovery.getProviders({ metadataKey: FollowsBooks.KEY }))
      await (instance as BooksFollower).move(fromCustomerId, toCustomerId);
  }
}

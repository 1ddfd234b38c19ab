import { Injectable } from '@nestjs/common';
import { FollowsThreads, ThreadFollower } from '../../../conversations/index.js';
import { Positions } from './positions.js';

/** Two conversations turned out to be one: the place in the flow goes along. */
@Injectable()
@FollowsThreads()
export class MovePositionWithThread extends ThreadFollower {
  constructor(private readonly positions: Positions) {
    super();
  }

  fold(fromThreadId: string, intoThreadId: string): Promise<void> {
    return this.positions.move(fromThreadId, intoThreadId);
  }
}

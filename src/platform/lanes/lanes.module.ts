import { BullModule } from '@nestjs/bullmq';
import { Global, Module, type DynamicModule } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { Doorbell } from './doorbell.js';
import { LaneEngine } from './lane-engine.js';
import { LaneTable } from './lane-table.js';
import { Lanes } from './lanes.js';

@Global()
@Module({
  imports: [DiscoveryModule],
  providers: [Doorbell, Lanes, LaneTable, LaneEngine],
  exports: [Lanes, LaneTable, LaneEngine, Doorbell],
})
export class LanesModule {
  /** A module that rings or drains lanes names their kinds once; each gets its queue. */
  static forKinds(...kinds: string[]): DynamicModule {
    return BullModule.registerQueue(...kinds.map((name) => ({ name })));
  }
}

import { Global, Module } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { Config } from '../config/config.js';
import { DatabasePools } from '../database/pools.js';
import { SystemClock } from './system-clock.js';
import { VirtualClock } from './virtual-clock.js';

/** The wall clock, or the sandbox's movable one. */
@Global()
@Module({
  providers: [{ provide: Clock, inject: [Config, DatabasePools], useFactory: (config: Config, pools: DatabasePools) => (config.SANDBOX ? new VirtualClock(pools) : new SystemClock()) }],
  exports: [Clock],
})
export class ClockModule {}

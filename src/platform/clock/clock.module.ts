import { type DynamicModule, Module } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import type { Config } from '../config/config.js';
import { SystemClock } from './system-clock.js';
import { VirtualClock } from './virtual-clock.js';
import { VirtualClockController } from './virtual-clock.controller.js';

/** The wall clock, or the sandbox's movable one. */
@Module({})
export class ClockModule {
  static of(config: Config): DynamicModule {
    return {
      module: ClockModule,
      global: true,
      providers: [{ provide: Clock, useClass: config.SANDBOX ? VirtualClock : SystemClock }],
      controllers: config.SANDBOX && config.servesHttp ? [VirtualClockController] : [],
      exports: [Clock],
    };
  }
}

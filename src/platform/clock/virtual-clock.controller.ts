import { Body, Controller, Get, HttpCode, Inject, Post } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { IsISO8601 } from 'class-validator';
import { Clock } from '../../kernel/clock.js';
import { Public } from '../auth/index.js';
import type { VirtualClock } from './virtual-clock.js';

class AdvanceTo {
  /** RFC 3339; the clock does not go back. */
  @IsISO8601({ strict: true })
  now!: string;
}

/** Where a sandbox in another process reads and moves the business clock (contract 6). Exists only while SANDBOX=1. */
@ApiExcludeController()
@Controller('sandbox/clock')
@Public()
export class VirtualClockController {
  constructor(@Inject(Clock) private readonly clock: VirtualClock) {}

  @Get()
  read(): { now: string; offsetMs: number } {
    return { now: this.clock.now().toISOString(), offsetMs: this.clock.offsetMs };
  }

  @Post()
  @HttpCode(200)
  async advance(@Body() { now }: AdvanceTo): Promise<{ now: string; offsetMs: number }> {
    await this.clock.advance(new Date(now));
    return this.read();
  }
}

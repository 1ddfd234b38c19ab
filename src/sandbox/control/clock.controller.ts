import { BadRequestException, Body, Controller, Get, HttpCode, Post } from '@nestjs/common';
import { ApplicationClock, instantToAdvanceTo, SandboxClock } from '../clock.js';
import { Settling } from '../settling.js';

/** Both in RFC 3339 and as a distance from the wall clock. */
interface ClockView {
  readonly now: string;
  readonly offsetMs: number;
}

/** `/sandbox/clock`: the time that the sandbox and the application share. */
@Controller('sandbox/clock')
export class ClockController {
  constructor(
    private readonly clock: SandboxClock,
    private readonly settling: Settling,
  ) {}

  @Get()
  async read(): Promise<ClockView> {
    if (this.clock instanceof ApplicationClock) await this.clock.follow();
    return this.view();
  }

  /** Answers when everything that the sandbox had to tell, before and because of the advance, was delivered. */
  @Post()
  @HttpCode(200)
  async advance(@Body() body: unknown): Promise<ClockView> {
    if (this.clock instanceof ApplicationClock) await this.clock.follow();
    await this.settling.settle();
    const target = instantToAdvanceTo(body, this.clock.now());
    if (!target) throw new BadRequestException('give {advance: "P7D"} or {now: "<RFC 3339>"}, not in the past');
    await this.clock.advance(target);
    await this.settling.settle();
    return this.view();
  }

  private view(): ClockView {
    const now = this.clock.now();
    return { now: now.toISOString(), offsetMs: now.getTime() - Date.now() };
  }
}

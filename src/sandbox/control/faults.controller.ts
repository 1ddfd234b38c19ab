import { BadRequestException, Body, Controller, Delete, Get, HttpCode, Post } from '@nestjs/common';
import { type Fault, Faults } from '../faults.js';

/** A fault as it is told: what was asked for, and how often it struck. */
type FaultView = Omit<Fault, 'random' | 'options' | 'timesLeft'> & { timesLeft: number | null };

/** `/sandbox/faults`: what shall go wrong. */
@Controller('sandbox/faults')
export class FaultsController {
  constructor(private readonly faults: Faults) {}

  @Post()
  @HttpCode(201)
  add(@Body() body: unknown): { data: FaultView[] } {
    const added = (Array.isArray(body) ? body : [body]).map((given) => this.faults.add(given));
    const refusal = added.find((one) => typeof one === 'string');
    if (refusal !== undefined) throw new BadRequestException(refusal);
    return { data: added.filter((one) => typeof one !== 'string').map(viewOf) };
  }

  @Get()
  list(): { data: FaultView[] } {
    return { data: this.faults.list().map(viewOf) };
  }

  @Delete()
  @HttpCode(204)
  clear(): void {
    this.faults.clear();
  }
}

function viewOf({ random: _, options, timesLeft, ...fault }: Fault): FaultView {
  return { ...fault, ...options, timesLeft: timesLeft ?? null };
}

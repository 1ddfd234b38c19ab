import { BadRequestException, Controller, Get, Query } from '@nestjs/common';
import { Ledger, type LedgerEntry } from '../ledger.js';

/** `GET /sandbox/ledger`: what was accepted, in order. */
@Controller('sandbox/ledger')
export class LedgerController {
  constructor(private readonly ledger: Ledger) {}

  /** `forgotten` counts entries that were dropped because of the history limit; a checker wants 0. */
  @Get()
  list(@Query() query: Record<string, unknown>): { data: LedgerEntry[]; forgotten: number } {
    const { to, phoneNumberId, since } = query;
    const at = typeof since === 'string' ? new Date(since) : undefined;
    if (at && Number.isNaN(at.getTime())) throw new BadRequestException('since must be an RFC 3339 instant');
    const data = this.ledger.find({
      ...(typeof to === 'string' ? { to: to.replace(/^[+ ]/, '') } : {}),
      ...(typeof phoneNumberId === 'string' ? { phoneNumberId } : {}),
      ...(at ? { since: at } : {}),
    });
    return { data, forgotten: this.ledger.forgotten };
  }
}

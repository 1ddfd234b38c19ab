import { Module } from '@nestjs/common';
import { CheckMarketingHandler } from './application/marketing/check-marketing.js';
import { MarketingStops } from './application/marketing/marketing-stops.js';
import { StoppedMarketingHandler } from './application/marketing/stopped-marketing.js';
import { HoldMarketingBack } from './infrastructure/marketing/hold-marketing-back.js';
import { KeepMarketingPreferences } from './infrastructure/marketing/keep-marketing-preferences.js';
import { NoteMarketingStops } from './infrastructure/marketing/note-marketing-stops.js';
import { SqlMarketingStops } from './infrastructure/marketing/sql-marketing-stops.js';

/** Who wants no marketing from which number (F7): learned from the provider, and kept. */
@Module({
  providers: [
    { provide: MarketingStops, useClass: SqlMarketingStops },
    CheckMarketingHandler,
    StoppedMarketingHandler,
    HoldMarketingBack,
    KeepMarketingPreferences,
    NoteMarketingStops,
  ],
  exports: [MarketingStops],
})
export class MarketingModule {}

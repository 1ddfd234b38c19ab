import { Module } from '@nestjs/common';
import { ConsentOfHandler } from './application/consent/consent-of.js';
import { Consents } from './application/consent/consents.js';
import { OptInHandler, OptOutHandler } from './application/consent/opt-out.js';
import { RecordConsent } from './application/consent/record-consent.js';
import { ConsentController } from './infrastructure/consent/consent.controller.js';
import { SqlConsents } from './infrastructure/consent/sql-consents.js';

/** What customers allow, and the evidence of it. */
@Module({
  controllers: [ConsentController],
  providers: [
    OptOutHandler,
    OptInHandler,
    ConsentOfHandler,
    RecordConsent,
    { provide: Consents, useClass: SqlConsents },
  ],
})
export class ConsentModule {}

import { Module } from '@nestjs/common';
import { Config } from '../../platform/config/config.js';
import { AttemptReferences } from './domain/attempt-reference.js';
import { attemptReferences } from './infrastructure/inbound/attempt-reference-key.js';

@Module({
  providers: [{ provide: AttemptReferences, inject: [Config], useFactory: attemptReferences }],
  exports: [AttemptReferences],
})
export class InboundModule {}

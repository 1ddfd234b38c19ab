import { Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { DeadLetterDesk } from './dead-letter-desk.js';
import { DeadLettersController } from './dead-letters.controller.js';
import { RetryPolicyController } from './retry-policy.controller.js';

/** The routes of the dead letters; needs an `AuditLog`. */
@Module({
  imports: [DiscoveryModule],
  providers: [DeadLetterDesk],
  controllers: [DeadLettersController, RetryPolicyController],
})
export class DeadLetterDeskModule {}

import { Module } from '@nestjs/common';
import { ContactPolicies } from './application/contact-policy/contact-policies.js';
import { CurrentContactPolicyHandler } from './application/contact-policy/current-contact-policy.js';
import { ReplaceContactPolicyHandler } from './application/contact-policy/replace-contact-policy.js';
import { ContactPolicyController } from './infrastructure/contact-policy/contact-policy.controller.js';
import { SqlContactPolicies } from './infrastructure/contact-policy/sql-contact-policies.js';

/** When customers may be contacted unasked. */
@Module({
  controllers: [ContactPolicyController],
  providers: [
    CurrentContactPolicyHandler,
    ReplaceContactPolicyHandler,
    { provide: ContactPolicies, useClass: SqlContactPolicies },
  ],
})
export class ContactPolicyModule {}

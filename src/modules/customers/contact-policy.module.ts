import { Module } from '@nestjs/common';

/** When customers may be contacted unasked. */
@Module({})
export class ContactPolicyModule {}

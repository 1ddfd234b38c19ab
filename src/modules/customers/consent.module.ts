import { Module } from '@nestjs/common';

/** What customers allow, and the evidence of it. */
@Module({})
export class ConsentModule {}

import { Module } from '@nestjs/common';

/** Templates as the provider has them: synced, submitted, checked before a send. */
@Module({})
export class TemplatesModule {}

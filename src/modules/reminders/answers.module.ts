import { Module } from '@nestjs/common';

/** What customers answer, what they promise, and what becomes of it. */
@Module({})
export class AnswersModule {}

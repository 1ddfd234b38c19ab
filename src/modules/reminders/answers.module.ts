import { Module } from '@nestjs/common';
import { Commitments } from './application/commitments/commitments.js';
import { JudgeCommitmentsHandler } from './application/commitments/judge-commitments.js';
import { SqlCommitments } from './infrastructure/commitments/sql-commitments.js';

/** What customers answer, what they promise, and what becomes of it. */
@Module({
  providers: [JudgeCommitmentsHandler, { provide: Commitments, useClass: SqlCommitments }],
})
export class AnswersModule {}

import { Module } from '@nestjs/common';
import { AnswerAboutDue } from './application/answers/answer-about-due.js';
import { AnsweringCustomers } from './application/answers/answering-customers.js';
import { TakeAnswerHandler } from './application/answers/take-answer.js';
import { TellCurrentDue } from './application/answers/tell-current-due.js';
import { ThankWhenAPaymentCame } from './application/answers/thank-when-a-payment-came.js';
import { Commitments } from './application/commitments/commitments.js';
import { ExpectedCashHandler } from './application/commitments/expected-cash.js';
import { JudgeCommitmentsHandler } from './application/commitments/judge-commitments.js';
import { ListCommitmentsHandler } from './application/commitments/list-commitments.js';
import { RecordCommitmentHandler } from './application/commitments/record-commitment.js';
import { ReliabilityOfHandler } from './application/commitments/reliability-of.js';
import { SettlePromisesWhenMoneyMoved } from './application/commitments/settle-promises-when-money-moved.js';
import { WithdrawCommitmentHandler } from './application/commitments/withdraw-commitment.js';
import { CommitmentsController } from './infrastructure/commitments/commitments.controller.js';
import { MoveRemindersWithBooks } from './infrastructure/commitments/move-reminders-with-books.js';
import { SqlAnsweringCustomers } from './infrastructure/commitments/sql-answering-customers.js';
import { SqlCommitments } from './infrastructure/commitments/sql-commitments.js';

/** What customers answer, what they promise, and what becomes of it. */
@Module({
  controllers: [CommitmentsController],
  providers: [
    AnswerAboutDue,
    TellCurrentDue,
    TakeAnswerHandler,
    ThankWhenAPaymentCame,
    RecordCommitmentHandler,
    WithdrawCommitmentHandler,
    JudgeCommitmentsHandler,
    SettlePromisesWhenMoneyMoved,
    ListCommitmentsHandler,
    ReliabilityOfHandler,
    ExpectedCashHandler,
    MoveRemindersWithBooks,
    { provide: AnsweringCustomers, useClass: SqlAnsweringCustomers },
    { provide: Commitments, useClass: SqlCommitments },
  ],
})
export class AnswersModule {}

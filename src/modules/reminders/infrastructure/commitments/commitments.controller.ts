import { Body, Controller, Delete, Get, HttpCode, Param, ParseUUIDPipe, Post, Query } from '@nestjs/common';
import {
  ApiConflictResponse,
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
  ApiUnprocessableEntityResponse,
} from '@nestjs/swagger';
import { RequiresScope } from '../../../../platform/auth/index.js';
import { Commands, Queries } from '../../../../platform/cqrs/commands.js';
import { ApiPage, type Page } from '../../../../platform/http/pagination.js';
import type { CommitmentView } from '../../application/commitments/commitment-view.js';
import { ExpectedCash, type ExpectedCashView } from '../../application/commitments/expected-cash.js';
import { ListCommitments } from '../../application/commitments/list-commitments.js';
import { RecordCommitment } from '../../application/commitments/record-commitment.js';
import { ReliabilityOf, type ReliabilityView } from '../../application/commitments/reliability-of.js';
import { WithdrawCommitment } from '../../application/commitments/withdraw-commitment.js';
import type { SaidAnswer } from '../../domain/answers/answer.js';
import { EitherAnswerOrDay } from '../../domain/commitment-errors.js';
import {
  CalendarDto,
  CalendarQuery,
  CommitmentDto,
  CommitmentsQuery,
  CustomerCommitmentsDto,
  RecordCommitmentDto,
} from './commitments.dto.js';

@ApiTags('Reminders')
@Controller('v1')
export class CommitmentsController {
  constructor(
    private readonly commands: Commands,
    private readonly queries: Queries,
  ) {}

  @Get('customers/:id/commitments')
  @RequiresScope('reminders:read')
  @ApiOperation({ summary: 'What a customer promised, and what became of it', description: 'Newest first.' })
  @ApiOkResponse({ type: CustomerCommitmentsDto })
  async ofCustomer(
    @Param('id', ParseUUIDPipe) id: string,
    @Query() { state, from, to, ...page }: CommitmentsQuery,
  ): Promise<Page<CommitmentView> & { reliability: ReliabilityView }> {
    const reliability = await this.queries.execute(new ReliabilityOf(id));
    const filter = { customerId: id, state, from, to };
    return { ...(await this.queries.execute(new ListCommitments(filter, page))), reliability };
  }

  @Post('customers/:id/commitments')
  @RequiresScope('reminders:write')
  @ApiOperation({
    summary: 'Write down what a customer promised elsewhere',
    description: 'Takes the place of the promise about the due that is open.',
  })
  @ApiCreatedResponse({ type: CommitmentDto })
  @ApiConflictResponse({ description: '`NOTHING_TO_PROMISE`' })
  @ApiUnprocessableEntityResponse({
    description: '`EITHER_ANSWER_OR_DAY`, `PROMISE_DAY_NOT_AHEAD`, `PROMISE_AMOUNT_TOO_HIGH`, `CURRENCY_MISMATCH`',
  })
  record(@Param('id', ParseUUIDPipe) id: string, @Body() body: RecordCommitmentDto): Promise<CommitmentView> {
    return this.commands.execute(
      new RecordCommitment(id, body.dueId.toLowerCase(), saidIn(body), body.amount?.toMoney()),
    );
  }

  @Get('commitments')
  @RequiresScope('reminders:read')
  @ApiOperation({ summary: 'Promises of all customers', description: 'Newest first.' })
  @ApiPage(CommitmentDto)
  list(@Query() { state, from, to, ...page }: CommitmentsQuery): Promise<Page<CommitmentView>> {
    return this.queries.execute(new ListCommitments({ state, from, to }, page));
  }

  @Get('commitments/calendar')
  @RequiresScope('reminders:read')
  @ApiOperation({
    summary: 'How much is promised for which day',
    description: 'Open promises, a line a day and currency.',
  })
  @ApiOkResponse({ type: CalendarDto })
  async calendar(@Query() { from, to }: CalendarQuery): Promise<{ data: ExpectedCashView[] }> {
    return { data: await this.queries.execute(new ExpectedCash(from, to)) };
  }

  @Delete('commitments/:id')
  @HttpCode(204)
  @RequiresScope('reminders:write')
  @ApiOperation({ summary: 'Take a promise off the books', description: 'Its pause ends with it.' })
  @ApiNoContentResponse()
  @ApiConflictResponse({ description: '`COMMITMENT_ENDED`' })
  async withdraw(@Param('id', ParseUUIDPipe) id: string): Promise<void> {
    await this.commands.execute(new WithdrawCommitment(id));
  }
}

function saidIn({ answer, day }: RecordCommitmentDto): SaidAnswer {
  if (day !== undefined && answer === undefined) return { answer: 'PAY_ON_DATE', day };
  if (answer === undefined || day !== undefined) throw new EitherAnswerOrDay();
  return { answer };
}

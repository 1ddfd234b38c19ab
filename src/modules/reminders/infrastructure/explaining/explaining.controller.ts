import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiNotFoundResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { RequiresScope } from '../../../../platform/auth/index.js';
import { Queries } from '../../../../platform/cqrs/commands.js';
import { ApiPage, type Page, PageQuery } from '../../../../platform/http/pagination.js';
import { type DecisionView, ListDecisions } from '../../application/explaining/list-decisions.js';
import { type ReminderSummary, SummariseReminders } from '../../application/explaining/summarise-reminders.js';
import { WhyNot, type WhyNotView } from '../../application/explaining/why-not.js';
import { DecisionDto, ExplainedIdParam, PeriodQuery, ReminderSummaryDto, WhyNotDto } from './explaining.dto.js';

@ApiTags('Reminders')
@Controller('v1')
@RequiresScope('reminders:read')
export class ExplainingController {
  constructor(private readonly queries: Queries) {}

  @Get('reminders/summary')
  @ApiOperation({ summary: 'What became of the reminders that were planned for a period' })
  @ApiOkResponse({ type: ReminderSummaryDto })
  summary(@Query() { from, to }: PeriodQuery): Promise<ReminderSummary> {
    return this.queries.execute(new SummariseReminders(from, to));
  }

  @Get('reminders/:id/decisions')
  @ApiOperation({ summary: 'Every evaluation of a reminder, oldest first: gates, what they saw, and a sentence' })
  @ApiPage(DecisionDto)
  @ApiNotFoundResponse()
  decisions(@Param() { id }: ExplainedIdParam, @Query() { limit, cursor }: PageQuery): Promise<Page<DecisionView>> {
    return this.queries.execute(new ListDecisions(id, limit, cursor));
  }

  @Get('customers/:id/why-not')
  @ApiOperation({ summary: "Where the reminders of a customer's open dues stand, and why nothing goes out now" })
  @ApiOkResponse({ type: WhyNotDto })
  @ApiNotFoundResponse()
  whyNot(@Param() { id }: ExplainedIdParam): Promise<WhyNotView> {
    return this.queries.execute(new WhyNot(id));
  }
}

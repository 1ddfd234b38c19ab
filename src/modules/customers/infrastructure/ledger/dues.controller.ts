import { Body, Controller, Delete, Get, HttpCode, Param, ParseUUIDPipe, Patch, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { RequiresScope } from '../../../../platform/auth/index.js';
import { Commands, Queries } from '../../../../platform/cqrs/commands.js';
import { ApiPage, type Page } from '../../../../platform/http/pagination.js';
import { AddDue, type AddedDue } from '../../application/ledger/add-due.js';
import { ChangeDue } from '../../application/ledger/change-due.js';
import type { DueView } from '../../application/ledger/due-view.js';
import { FindDue } from '../../application/ledger/find-due.js';
import { ListDues } from '../../application/ledger/list-dues.js';
import { PauseDue } from '../../application/ledger/pause-due.js';
import { ResumeDue } from '../../application/ledger/resume-due.js';
import { WriteOffDue } from '../../application/ledger/write-off-due.js';
import { AddDueDto, AddedDueDto, ChangeDueDto, DueDto, DuesQuery, PauseDueDto, WriteOffDto } from './dues.dto.js';

@ApiTags('Ledger')
@Controller('v1')
export class DuesController {
  constructor(
    private readonly commands: Commands,
    private readonly queries: Queries,
  ) {}

  @Post('customers/:id/dues')
  @RequiresScope('ledger:write')
  @ApiOperation({
    summary: 'Add a due',
    description: 'Credit of the customer pays it at once. Answers with the reminders that are planned.',
  })
  @ApiCreatedResponse({ type: AddedDueDto })
  add(@Param('id', ParseUUIDPipe) customerId: string, @Body() { amount, ...due }: AddDueDto): Promise<AddedDue> {
    return this.commands.execute(new AddDue({ ...due, customerId, amount: amount.toMoney() }));
  }

  @Get('dues')
  @RequiresScope('ledger:read')
  @ApiOperation({ summary: 'Dues, by due date' })
  @ApiPage(DueDto)
  list(@Query() { limit, cursor, ...filter }: DuesQuery): Promise<Page<DueView>> {
    return this.queries.execute(new ListDues(filter, limit, cursor));
  }

  @Get('dues/:id')
  @RequiresScope('ledger:read')
  @ApiOperation({ summary: 'A due' })
  @ApiOkResponse({ type: DueDto })
  find(@Param('id', ParseUUIDPipe) id: string): Promise<DueView> {
    return this.queries.execute(new FindDue(id));
  }

  @Patch('dues/:id')
  @RequiresScope('ledger:write')
  @ApiOperation({
    summary: 'Change a due',
    description: 'Another amount is a correction in the books. Another amount, date or term plans the reminders anew.',
  })
  @ApiOkResponse({ type: DueDto })
  change(@Param('id', ParseUUIDPipe) id: string, @Body() { amount, ...changes }: ChangeDueDto): Promise<DueView> {
    return this.commands.execute(new ChangeDue(id, { ...changes, amount: amount?.toMoney() }));
  }

  @Post('dues/:id/write-off')
  @HttpCode(200)
  @RequiresScope('ledger:write')
  @ApiOperation({ summary: 'Give up what is left of a due, or a part of it' })
  @ApiOkResponse({ type: DueDto })
  writeOff(@Param('id', ParseUUIDPipe) id: string, @Body() { amount, reason }: WriteOffDto): Promise<DueView> {
    return this.commands.execute(new WriteOffDue(id, { amount: amount?.toMoney(), reason }));
  }

  @Post('dues/:id/pause')
  @HttpCode(200)
  @RequiresScope('reminders:write')
  @ApiOperation({ summary: 'Let the reminders of a due wait' })
  @ApiOkResponse({ type: DueDto })
  pause(@Param('id', ParseUUIDPipe) id: string, @Body() { until }: PauseDueDto): Promise<DueView> {
    return this.commands.execute(new PauseDue(id, until));
  }

  @Delete('dues/:id/pause')
  @RequiresScope('reminders:write')
  @ApiOperation({ summary: 'Let the reminders of a due go on' })
  @ApiOkResponse({ type: DueDto })
  resume(@Param('id', ParseUUIDPipe) id: string): Promise<DueView> {
    return this.commands.execute(new ResumeDue(id));
  }
}

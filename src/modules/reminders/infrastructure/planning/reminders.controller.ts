import { Body, Controller, Delete, Get, HttpCode, Param, ParseUUIDPipe, Patch, Post, Query, Res } from '@nestjs/common';
import {
  ApiAcceptedResponse,
  ApiConflictResponse,
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
  ApiUnprocessableEntityResponse,
} from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { RequiresScope } from '../../../../platform/auth/index.js';
import { Commands, Queries } from '../../../../platform/cqrs/commands.js';
import { ReservesIdempotencyKey } from '../../../../platform/http/idempotency.js';
import { ApiPage, type Page } from '../../../../platform/http/pagination.js';
import { CancelReminder } from '../../application/planning/cancel-reminder.js';
import { MoveReminder } from '../../application/planning/move-reminder.js';
import { ScheduleReminder } from '../../application/planning/schedule-reminder.js';
import { SendReminderNow } from '../../application/planning/send-reminder-now.js';
import { FindReminder } from '../../application/reading/find-reminder.js';
import { ListReminders } from '../../application/reading/list-reminders.js';
import type { ReminderView } from '../../application/reading/reminder-view.js';
import {
  MoveReminderDto,
  ReminderDto,
  RemindersQuery,
  ScheduleReminderDto,
  SendNowQuery,
  SendReminderNowDto,
} from './reminders.dto.js';
import { isDecided, ReminderWatch } from './reminder-watch.js';

@ApiTags('Reminders')
@Controller('v1/reminders')
export class RemindersController {
  constructor(
    private readonly commands: Commands,
    private readonly queries: Queries,
    private readonly watch: ReminderWatch,
  ) {}

  @Get()
  @RequiresScope('reminders:read')
  @ApiOperation({ summary: 'Reminders, the newest first' })
  @ApiPage(ReminderDto)
  list(@Query() { limit, cursor, ...filter }: RemindersQuery): Promise<Page<ReminderView>> {
    return this.queries.execute(new ListReminders(filter, limit, cursor));
  }

  @Get(':id')
  @RequiresScope('reminders:read')
  @ApiOperation({ summary: 'A reminder' })
  @ApiOkResponse({ type: ReminderDto })
  find(@Param('id', ParseUUIDPipe) id: string): Promise<ReminderView> {
    return this.queries.execute(new FindReminder(id));
  }

  @Post()
  @RequiresScope('reminders:write')
  @ApiOperation({
    summary: 'Schedule a reminder',
    description: 'Of a due, in the words of the day: before, on or after its date. Or of something else, in your own.',
  })
  @ApiCreatedResponse({ type: ReminderDto })
  @ApiConflictResponse({ description: '`REMINDER_EXISTS` with its `reminderId`; `DUE_SETTLED`' })
  @ApiUnprocessableEntityResponse({ description: '`REMINDER_NOT_AHEAD`, `REMINDER_INCOMPLETE`' })
  async schedule(
    @Body() { type, dueId, customerId, scheduledFor, message }: ScheduleReminderDto,
  ): Promise<ReminderView> {
    const request = { dueId, customerId, kind: type, scheduledFor, message };
    return this.find(await this.commands.execute(new ScheduleReminder(request)));
  }

  @Post('send-now')
  @HttpCode(202)
  @ReservesIdempotencyKey()
  @RequiresScope('reminders:write')
  @ApiOperation({
    summary: 'Remind of a due at once',
    description:
      'Passes the same gates as any other reminder, so it may be put off. With `wait=true` it answers 200 as soon as it is known what became of it, else 202.',
  })
  @ApiOkResponse({ type: ReminderDto, description: 'Sent, refused or put off' })
  @ApiAcceptedResponse({ type: ReminderDto, description: 'On its way' })
  @ApiConflictResponse({ description: '`REMINDER_EXISTS`: the one of today was sent; `DUE_SETTLED`' })
  async sendNow(
    @Body() { dueId }: SendReminderNowDto,
    @Query() { wait }: SendNowQuery,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ReminderView> {
    const id = await this.commands.execute(new SendReminderNow(dueId));
    const reminder = await (wait ? this.watch.outcomeOf(id) : this.find(id));
    if (isDecided(reminder)) void reply.status(200);
    return reminder;
  }

  @Patch(':id')
  @RequiresScope('reminders:write')
  @ApiOperation({ summary: 'Let a reminder go at another time', description: 'The due stays as it is.' })
  @ApiOkResponse({ type: ReminderDto })
  @ApiConflictResponse({ description: '`REMINDER_NOT_WAITING`, `REMINDER_EXISTS`' })
  @ApiUnprocessableEntityResponse({ description: '`REMINDER_NOT_AHEAD`' })
  async move(@Param('id', ParseUUIDPipe) id: string, @Body() { scheduledFor }: MoveReminderDto): Promise<ReminderView> {
    await this.commands.execute(new MoveReminder(id, scheduledFor));
    return this.find(id);
  }

  @Delete(':id')
  @HttpCode(204)
  @RequiresScope('reminders:write')
  @ApiOperation({ summary: 'Cancel a reminder', description: 'Its message, too, as long as it has not left.' })
  @ApiNoContentResponse()
  @ApiConflictResponse({ description: '`REMINDER_SENT`: it may be on its way' })
  async cancel(@Param('id', ParseUUIDPipe) id: string): Promise<void> {
    await this.commands.execute(new CancelReminder(id));
  }
}

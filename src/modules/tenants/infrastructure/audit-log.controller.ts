import { Controller, Get, Query } from '@nestjs/common';
import { ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { AlsoForThePlatform, RequiresScope } from '../../../platform/auth/index.js';
import { Queries } from '../../../platform/cqrs/commands.js';
import { ApiPage, type Page, PageQuery } from '../../../platform/http/pagination.js';
import { type AuditEntryView, ListAuditLog } from '../application/audit/list-audit-log.js';

class ActorDto {
  @ApiProperty({ enum: ['user', 'api-key', 'platform', 'system'] })
  kind!: string;

  @ApiProperty({ type: String, nullable: true })
  id!: string | null;
}

class AuditEntryDto implements AuditEntryView {
  @ApiProperty({ format: 'uuid' })
  id!: string;

  @ApiProperty()
  at!: Date;

  @ApiProperty({ type: ActorDto })
  actor!: ActorDto;

  @ApiProperty({ example: 'user.disabled' })
  action!: string;

  @ApiProperty({ type: String, nullable: true })
  subjectId!: string | null;

  @ApiProperty({ type: Object })
  details!: unknown;

  @ApiProperty({ type: String, nullable: true })
  requestId!: string | null;
}

@ApiTags('People')
@Controller('v1/audit-log')
export class AuditLogController {
  constructor(private readonly queries: Queries) {}

  @Get()
  @RequiresScope('audit:read')
  @AlsoForThePlatform()
  @ApiOperation({ summary: 'What people, keys and the platform operator did', description: 'Newest first.' })
  @ApiPage(AuditEntryDto)
  list(@Query() page: PageQuery): Promise<Page<AuditEntryView>> {
    return this.queries.execute(new ListAuditLog(page));
  }
}

import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn } from 'class-validator';
import { PageQuery } from '../../../../platform/http/pagination.js';
import { WhenGiven } from '../../../../platform/http/when-given.js';
import { ALERT_SEVERITIES, type AlertSeverity } from '../../application/health/account-alerts.js';
import type { AlertView } from '../../application/health/alert-view.js';
import type { PhoneHealthView } from '../../application/health/phone-health-view.js';
import { HEALTH_REASONS, type HealthReason, type Verdict } from '../../domain/health/phone-health.js';

export class PhoneHealthQuery {
  @ApiPropertyOptional({
    enum: ['true', 'false'],
    description: 'Asks WhatsApp now, for administrators, once a minute; otherwise the last reading is served.',
  })
  @WhenGiven()
  @IsIn(['true', 'false'])
  refresh?: 'true' | 'false';
}

export class PhoneHealthDto implements PhoneHealthView {
  @ApiProperty() phoneNumberId!: string;
  @ApiProperty({ description: '+E.164' }) displayPhoneNumber!: string;
  @ApiProperty({ type: 'string', nullable: true }) name!: string | null;
  @ApiProperty({ type: 'string', nullable: true, description: 'GREEN, YELLOW, RED or UNKNOWN, as Meta rates it' })
  quality!: string | null;
  @ApiProperty({ type: 'string', nullable: true, description: 'CONNECTED, FLAGGED, RESTRICTED ..., as Meta says' })
  status!: string | null;
  @ApiProperty({ type: 'string', nullable: true, description: 'STANDARD or HIGH' }) throughput!: string | null;
  @ApiProperty({ type: 'string', nullable: true, description: 'TIER_250, TIER_2K ... TIER_UNLIMITED' })
  messagingTier!: string | null;
  @ApiProperty({ enum: ['good', 'warning', 'danger', 'unknown'] }) verdict!: Verdict;
  @ApiProperty({ enum: HEALTH_REASONS, isArray: true, description: 'All that speaks against the number.' })
  reasons!: HealthReason[];
  @ApiProperty({ type: 'string', format: 'date-time', nullable: true, description: 'When WhatsApp was last asked.' })
  takenAt!: Date | null;
  @ApiProperty({ type: 'string', format: 'date-time', nullable: true, description: '6 hours after `takenAt`.' })
  cacheEndsAt!: Date | null;
  @ApiProperty({ description: 'WhatsApp has not answered for more than 12 hours.' }) stale!: boolean;
  @ApiPropertyOptional({ description: 'Why the refresh that was asked for brought nothing.' })
  refreshFailed?: string;
}

export class PhoneHealthListDto {
  @ApiProperty({ type: [PhoneHealthDto] }) data!: PhoneHealthDto[];
}

export class AlertsQuery extends PageQuery {
  @ApiPropertyOptional({ enum: ['true', 'false'], description: 'Those that stand open, or those that do not.' })
  @WhenGiven()
  @IsIn(['true', 'false'])
  open?: 'true' | 'false';
}

export class AlertDto implements AlertView {
  @ApiProperty({ format: 'uuid' }) id!: string;
  @ApiProperty({ examples: ['QUALITY_DROPPED', 'TEMPLATE_RECATEGORISED', 'ACCOUNT_RESTRICTED'] }) code!: string;
  @ApiProperty({ enum: ALERT_SEVERITIES }) severity!: AlertSeverity;
  @ApiProperty({ type: 'string', format: 'uuid', nullable: true }) accountId!: string | null;
  @ApiProperty({ type: 'string', nullable: true }) phoneNumberId!: string | null;
  @ApiProperty({ type: 'string', nullable: true }) subject!: string | null;
  @ApiProperty({ type: 'object', additionalProperties: true }) detail!: Record<string, unknown>;
  @ApiProperty({ type: 'string', format: 'date-time' }) at!: Date;
  @ApiProperty({ type: 'string', format: 'date-time', nullable: true }) acknowledgedAt!: Date | null;
  @ApiProperty({ type: 'string', nullable: true }) acknowledgedBy!: string | null;
}

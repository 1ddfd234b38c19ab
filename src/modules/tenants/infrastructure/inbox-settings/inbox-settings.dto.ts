import { ApiProperty } from '@nestjs/swagger';
import { IsBoolean, IsIn, IsInt, Max, Min } from 'class-validator';
import type { InboxSettingsView } from '../../application/inbox-settings/inbox-settings.js';

const RECEIPTS = ['bot', 'always', 'never'] as const;
const WEEK_IN_MINUTES = 10_080;

export class InboxSettingsDto implements InboxSettingsView {
  @ApiProperty({ description: 'Sales people see their own conversations alone, not all of their areas.' })
  @IsBoolean()
  salesAssignedOnly!: boolean;

  @ApiProperty({
    enum: RECEIPTS,
    description: 'When customers see blue ticks: when automation took care, with every message, never.',
  })
  @IsIn(RECEIPTS)
  readReceipts!: 'bot' | 'always' | 'never';

  @ApiProperty({
    type: 'integer',
    minimum: 0,
    maximum: WEEK_IN_MINUTES,
    description: 'For how long automation is silent after a person has answered.',
  })
  @IsInt()
  @Min(0)
  @Max(WEEK_IN_MINUTES)
  botPauseMinutes!: number;
}

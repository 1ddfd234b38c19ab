import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsInt, Max, Min } from 'class-validator';
import { WhenGiven } from '../../../../platform/http/when-given.js';
import type { CoverageView } from '../../application/ways/show-coverage.js';

export class CoverageQuery {
  @ApiPropertyOptional({
    type: 'integer',
    minimum: 1,
    description:
      'Counts of this version alone. Left out: the ways of the newest, as often as they were taken at any version.',
  })
  @WhenGiven()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(2_147_483_647)
  version?: number;
}

export class WayDto {
  @ApiProperty({ description: 'Key of the step; empty: a rule, a restart or the fallback.' }) fromKey!: string;
  @ApiProperty({ description: 'Id of the button or rule; `collects`, `invalid`, `restart` or `fallback`.' })
  edge!: string;
  @ApiProperty({ type: 'string', nullable: true }) title!: string | null;
  @ApiProperty({ type: 'string', nullable: true, description: 'Null: the flow ends here, or it depends.' })
  toKey!: string | null;
  @ApiProperty({ type: 'integer' }) taken!: number;
}

export class CoverageDto implements CoverageView {
  @ApiProperty({ type: 'integer', description: '0: there is no flow yet.' }) version!: number;
  @ApiProperty({ type: [WayDto] }) ways!: WayDto[];
  @ApiProperty({ type: 'integer' }) neverTaken!: number;
}

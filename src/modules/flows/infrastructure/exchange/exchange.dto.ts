import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsBoolean, IsIn } from 'class-validator';
import { IMPORT_MODES, type ImportMode } from '../../application/exchange/flow-document.js';
import type { ImportResult } from '../../application/exchange/import-flow.js';
import type { PresetView } from '../../application/exchange/show-presets.js';
import { FindingDto } from '../steps/steps.dto.js';
import { FlowDocumentDto } from './flow-document.dto.js';

export class ImportFlowQuery {
  @ApiPropertyOptional({
    enum: IMPORT_MODES,
    default: 'merge',
    description:
      '`replace`: the flow is what the document says, and nothing else. `merge`: it comes beside what is there, under other keys where its own are taken; your fallback stays.',
  })
  @IsIn(IMPORT_MODES)
  mode: ImportMode = 'merge';

  @ApiPropertyOptional({ type: 'boolean', default: false, description: 'Answers the same and changes nothing.' })
  @Transform(({ value }: { value: unknown }) => (value === 'true' ? true : value === 'false' ? false : value))
  @IsBoolean()
  dryRun = false;
}

export class ImportResultOfFlowDto implements ImportResult {
  @ApiProperty({ type: 'integer', description: 'Of the flow afterwards.' }) version!: number;
  @ApiProperty({ isArray: true, type: 'string', description: 'Keys of what was written.' }) steps!: string[];
  @ApiProperty({ isArray: true, type: 'string', description: 'Keys of what is gone.' }) removed!: string[];
  @ApiProperty({
    type: 'object',
    additionalProperties: { type: 'string' },
    example: { main_menu: 'main_menu_2' },
    description: 'Keys of the document that were taken, and what its steps are called instead.',
  })
  renamed!: Record<string, string>;
  @ApiProperty({ type: [FindingDto] }) findings!: FindingDto[];
}

export class FlowPresetDto implements PresetView {
  @ApiProperty({ example: 'feedback' }) name!: string;
  @ApiProperty() description!: string;
  @ApiProperty({ type: 'integer' }) steps!: number;
}

export class FlowPresetsDto {
  @ApiProperty({ type: [FlowPresetDto] }) data!: FlowPresetDto[];
}

export class FlowPresetDocumentDto {
  @ApiProperty() name!: string;
  @ApiProperty() description!: string;
  @ApiProperty({ description: 'As it is imported.' }) flow!: FlowDocumentDto;
}

import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsBoolean, IsIn } from 'class-validator';
import { COLUMNS } from '../../domain/imports/columns.js';

export class ImportQuery {
  /** Answers the same and changes nothing. */
  @ApiPropertyOptional({ type: 'boolean', default: false, description: 'Answers the same and changes nothing.' })
  @Transform(({ value }: { value: unknown }) => (value === 'true' ? true : value === 'false' ? false : value))
  @IsBoolean()
  dryRun = false;

  /** Which rows' results are listed; the counts are of all. */
  @ApiPropertyOptional({
    enum: ['all', 'refused'],
    default: 'all',
    description: 'Which rows are listed; the counts are of all. Of a long file `refused` is shorter.',
  })
  @IsIn(['all', 'refused'])
  results: 'all' | 'refused' = 'all';
}

class RowResultDto {
  @ApiProperty({ type: 'integer', description: 'Of the file, 1 is the header; of a row of several lines the last.' })
  line!: number;
  @ApiProperty({
    enum: ['created', 'updated', 'unchanged', 'refused'],
    description: '`updated`: the customer is another, or owes more.',
  })
  outcome!: string;
  @ApiProperty({ type: 'string', format: 'uuid', nullable: true, description: 'Null in a preview.' })
  customerId!: string | null;
  @ApiProperty({ type: 'string', format: 'uuid', nullable: true, description: 'Null in a preview.' })
  dueId!: string | null;
  @ApiProperty({ enum: ['added', 'known'], nullable: true, description: "Whether the row's due is new." })
  due!: string | null;
  @ApiPropertyOptional({ description: 'Why the row was refused, for programs.', examples: ['INVALID_DATE'] })
  code?: string;
  @ApiPropertyOptional({ description: 'Why the row was refused, for people.' }) message?: string;
  @ApiPropertyOptional({ enum: COLUMNS, nullable: true, description: 'The value that is in the way.' })
  column?: string | null;
}

export class ImportResultDto {
  @ApiProperty() dryRun!: boolean;
  @ApiProperty({ type: 'integer' }) rows!: number;
  @ApiProperty({ type: 'integer' }) created!: number;
  @ApiProperty({ type: 'integer' }) updated!: number;
  @ApiProperty({ type: 'integer' }) unchanged!: number;
  @ApiProperty({ type: 'integer' }) refused!: number;
  @ApiProperty({ type: 'integer' }) duesAdded!: number;
  @ApiProperty({ type: [String], description: 'Columns of the file that mean nothing here.' })
  ignoredColumns!: string[];
  @ApiProperty({ type: [RowResultDto], description: 'In the order of the file.' }) results!: RowResultDto[];
}

import { ApiProperty, ApiPropertyOptional, PartialType } from '@nestjs/swagger';
import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsInt,
  IsOptional,
  IsString,
  Length,
  Matches,
  Max,
  Min,
} from 'class-validator';
import type { LocalTime } from '../../../../kernel/local-time.js';
import { WhenGiven } from '../../../../platform/http/when-given.js';
import type { PaymentTermToCreate } from '../../application/terms/create-payment-term.js';
import type { PaymentTermView } from '../../application/terms/payment-term-view.js';
import { DEFAULT_TERM } from '../../domain/terms/payment-term.js';

class PaymentTermFields {
  @ApiProperty({ maxLength: 100, examples: ['30 days'] })
  @IsString()
  @Length(1, 100)
  name!: string;

  @ApiPropertyOptional({
    type: 'integer',
    nullable: true,
    minimum: 0,
    maximum: 3650,
    description: 'Days from the adding of a due to its date, where none is given.',
  })
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(3650)
  dueInDays?: number | null;

  @ApiProperty({
    type: [Number],
    maxItems: 10,
    examples: [[7, 3, 0]],
    description: 'Days before the due date, 0 to 365; 0 is the due date itself. Each once.',
  })
  @IsArray()
  @ArrayMaxSize(10)
  @IsInt({ each: true })
  @Min(0, { each: true })
  @Max(365, { each: true })
  reminderOffsets!: number[];
}

export class CreatePaymentTermDto extends PaymentTermFields implements PaymentTermToCreate {
  @ApiPropertyOptional({
    type: [Number],
    maxItems: 10,
    default: DEFAULT_TERM.overdueSteps,
    description: 'Days after the due date, 1 to 365. Each once.',
  })
  @WhenGiven()
  @IsArray()
  @ArrayMaxSize(10)
  @IsInt({ each: true })
  @Min(1, { each: true })
  @Max(365, { each: true })
  overdueSteps: number[] = [...DEFAULT_TERM.overdueSteps];

  @ApiPropertyOptional({ type: 'string', default: DEFAULT_TERM.sendAt, description: "By the customer's clock." })
  @WhenGiven()
  @Matches(/^([01]\d|2[0-3]):[0-5]\d$/, { message: 'sendAt must be a time of day, HH:MM' })
  sendAt: LocalTime = DEFAULT_TERM.sendAt;

  @ApiPropertyOptional({
    type: 'boolean',
    default: false,
    description: 'The term of customers who have none of their own: at most one.',
  })
  @WhenGiven()
  @IsBoolean()
  isDefault = false;
}

export class ChangePaymentTermDto extends PartialType(PaymentTermFields, { skipNullProperties: false }) {
  @ApiPropertyOptional({ type: [Number], maxItems: 10, description: 'Days after the due date, 1 to 365. Each once.' })
  @WhenGiven()
  @IsArray()
  @ArrayMaxSize(10)
  @IsInt({ each: true })
  @Min(1, { each: true })
  @Max(365, { each: true })
  overdueSteps?: number[];

  @ApiPropertyOptional({ type: 'string', description: "By the customer's clock, HH:MM." })
  @WhenGiven()
  @Matches(/^([01]\d|2[0-3]):[0-5]\d$/, { message: 'sendAt must be a time of day, HH:MM' })
  sendAt?: LocalTime;

  @ApiPropertyOptional({ type: 'boolean' })
  @WhenGiven()
  @IsBoolean()
  isDefault?: boolean;
}

export class PaymentTermDto implements PaymentTermView {
  @ApiProperty({ format: 'uuid' }) id!: string;
  @ApiProperty() name!: string;
  @ApiProperty({ type: 'integer', nullable: true }) dueInDays!: number | null;
  @ApiProperty({ type: [Number], description: 'Descending' }) reminderOffsets!: number[];
  @ApiProperty({ type: [Number], description: 'Ascending' }) overdueSteps!: number[];
  @ApiProperty({ type: 'string', examples: ['09:00'] }) sendAt!: LocalTime;
  @ApiProperty() isDefault!: boolean;
  @ApiProperty({ type: 'string', format: 'date-time' }) createdAt!: Date;
  @ApiProperty({ type: 'string', format: 'date-time', nullable: true }) archivedAt!: Date | null;
}

import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsString, IsUUID, Length } from 'class-validator';
import { IsInstant } from '../../../../platform/http/instant.js';
import { MoneyDto } from '../../../../platform/http/money.js';
import { IsNested } from '../../../../platform/http/nested.js';
import { WhenGiven } from '../../../../platform/http/when-given.js';
import { PAYMENT_METHODS, type PaymentMethod } from '../../application/ledger/record-payment.js';

export class RecordPaymentDto {
  @ApiProperty()
  @IsNested(MoneyDto)
  amount!: MoneyDto;

  @ApiPropertyOptional({
    format: 'uuid',
    description: 'The due that it is for; what is left over, or all of it, goes to the oldest due dates.',
  })
  @WhenGiven()
  @IsUUID()
  dueId?: string;

  @ApiPropertyOptional({ enum: PAYMENT_METHODS, enumName: 'PaymentMethod' })
  @WhenGiven()
  @IsIn(PAYMENT_METHODS)
  method?: PaymentMethod;

  @ApiPropertyOptional({
    maxLength: 100,
    description: 'A second payment of the customer with it is refused with the id of the first.',
  })
  @WhenGiven()
  @IsString()
  @Length(1, 100)
  reference?: string;

  @ApiPropertyOptional({ type: 'string', format: 'date-time', description: 'When the money came in; left out: now.' })
  @WhenGiven()
  @IsInstant()
  occurredAt?: Date;
}

export class ReversePaymentDto {
  @ApiPropertyOptional({ maxLength: 500 })
  @WhenGiven()
  @IsString()
  @Length(1, 500)
  reason?: string;
}

class PaymentAllocationDto {
  @ApiProperty({ format: 'uuid' }) dueId!: string;
  @ApiProperty() amount!: MoneyDto;
  @ApiProperty({ description: 'Whether nothing is left of the due.' }) settles!: boolean;
}

export class PaymentDto {
  @ApiProperty({ format: 'uuid' }) id!: string;
  @ApiProperty({ format: 'uuid' }) customerId!: string;
  @ApiProperty() amount!: MoneyDto;
  @ApiProperty({ type: [PaymentAllocationDto] }) allocations!: PaymentAllocationDto[];
  @ApiProperty({ description: 'What no due needed: it pays later ones.' }) leftOver!: MoneyDto;
  @ApiProperty({ description: 'What the customer owes after it; negative: in credit.' }) currentDue!: MoneyDto;
  @ApiProperty({ enum: PAYMENT_METHODS, enumName: 'PaymentMethod', nullable: true }) method!: PaymentMethod | null;
  @ApiProperty({ type: 'string', nullable: true }) reference!: string | null;
  @ApiProperty({ type: 'string', format: 'date-time' }) occurredAt!: Date;
}

export class ReversedPaymentDto {
  @ApiProperty({ format: 'uuid' }) paymentId!: string;
  @ApiProperty({ format: 'uuid' }) customerId!: string;
  @ApiProperty() amount!: MoneyDto;
  @ApiProperty({ type: [String], description: 'The dues that it had settled, in part or in full.' }) dueIds!: string[];
  @ApiProperty({ description: 'What the customer owes after it.' }) currentDue!: MoneyDto;
}

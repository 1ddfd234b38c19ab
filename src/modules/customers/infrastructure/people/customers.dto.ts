import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, IsString, IsUUID, Length, MaxLength } from 'class-validator';
import { MoneyDto } from '../../../../platform/http/money.js';
import { PageQuery } from '../../../../platform/http/pagination.js';
import { WhenGiven } from '../../../../platform/http/when-given.js';
import type { CustomerToAdd } from '../../application/people/add-customer.js';
import type { CustomerChanges } from '../../application/people/change-customer.js';
import type { CustomerView } from '../../application/people/customer-view.js';
import type { Identity, IdentityKind } from '../../domain/identity.js';

class CustomerProfileDto {
  @ApiPropertyOptional({
    type: 'string',
    nullable: true,
    maxLength: 100,
    description: "The merchant's own number for the customer; each once.",
  })
  @IsOptional()
  @IsString()
  @Length(1, 100)
  reference?: string | null;

  @ApiPropertyOptional({
    type: 'string',
    nullable: true,
    examples: ['hi'],
    description: "As Meta's templates name it; without one: the merchant's.",
  })
  @IsOptional()
  @IsString()
  @MaxLength(20)
  language?: string | null;

  @ApiPropertyOptional({
    type: 'string',
    nullable: true,
    examples: ['Asia/Kolkata'],
    description: "IANA zone; without one: the merchant's.",
  })
  @IsOptional()
  @IsString()
  @MaxLength(64)
  timezone?: string | null;

  @ApiPropertyOptional({ type: 'string', format: 'uuid', nullable: true })
  @IsOptional()
  @IsUUID()
  paymentTermId?: string | null;
}

export class AddCustomerDto extends CustomerProfileDto implements CustomerToAdd {
  @ApiProperty({ maxLength: 200 })
  @IsString()
  @Length(1, 200)
  name!: string;

  @ApiProperty({
    maxLength: 40,
    examples: ['+919876543210'],
    description: "E.164, or a national number of the merchant's country.",
  })
  @IsString()
  @Length(1, 40)
  phone!: string;
}

export class ChangeCustomerDto extends CustomerProfileDto implements CustomerChanges {
  @ApiPropertyOptional({ maxLength: 200 })
  @WhenGiven()
  @IsString()
  @Length(1, 200)
  name?: string;

  @ApiPropertyOptional({ maxLength: 40, description: 'The number that they have now; the one before is given up.' })
  @WhenGiven()
  @IsString()
  @Length(1, 40)
  phone?: string;
}

export class CustomersQuery extends PageQuery {
  /** Part of a name, the beginning of a reference, or digits of a phone number. */
  @ApiPropertyOptional({ maxLength: 100 })
  @IsOptional()
  @IsString()
  @Length(1, 100)
  q?: string;
}

class CustomerIdentityDto implements Identity {
  @ApiProperty({ enum: ['phone', 'wa_id', 'bsuid', 'parent_bsuid', 'username'] }) kind!: IdentityKind;
  @ApiProperty() value!: string;
}

export class CustomerDto implements Omit<CustomerView, 'currentDue' | 'credit'> {
  @ApiProperty({ format: 'uuid' }) id!: string;
  @ApiProperty({ type: 'string', nullable: true }) name!: string | null;
  @ApiProperty({
    type: 'string',
    nullable: true,
    examples: ['+919876543210'],
    description: 'Null: no number is theirs, or none any more.',
  })
  phone!: string | null;
  @ApiProperty({ type: [CustomerIdentityDto] }) identities!: CustomerIdentityDto[];
  @ApiProperty({ type: 'string', nullable: true }) reference!: string | null;
  @ApiProperty({ type: 'string', nullable: true }) language!: string | null;
  @ApiProperty({ type: 'string', nullable: true }) timezone!: string | null;
  @ApiProperty({ type: 'string', format: 'uuid', nullable: true }) paymentTermId!: string | null;
  @ApiProperty({ description: 'What they owe over all dues; negative: in credit.' }) currentDue!: MoneyDto;
  @ApiProperty({ description: 'Paid and not needed yet: it pays later dues.' }) credit!: MoneyDto;
  @ApiProperty({ type: 'string', nullable: true, description: 'Their latest answer.' }) feedback!: string | null;
  @ApiProperty({ type: 'string', format: 'date-time', nullable: true }) lastInteractionAt!: Date | null;
  @ApiProperty({ type: 'string', format: 'date-time', nullable: true }) lastReminderAt!: Date | null;
  @ApiProperty({ type: 'string', format: 'date-time', nullable: true }) optedOutAt!: Date | null;
  @ApiProperty({ type: 'string', format: 'date-time', nullable: true }) archivedAt!: Date | null;
  @ApiProperty({ type: 'string', format: 'date-time' }) createdAt!: Date;
}

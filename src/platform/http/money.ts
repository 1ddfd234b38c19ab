import { ApiProperty } from '@nestjs/swagger';
import { IsInt, Matches, Max, Min } from 'class-validator';
import { Money } from '../../kernel/money.js';

/** Money on the wire (contract 3). */
export class MoneyDto {
  /** In minor units: paise, cents. */
  @ApiProperty({ type: 'integer', format: 'int64', examples: [500000], description: 'In minor units: paise, cents.' })
  @IsInt()
  @Min(Number.MIN_SAFE_INTEGER)
  @Max(Number.MAX_SAFE_INTEGER)
  amountMinor!: number;

  /** ISO 4217 */
  @ApiProperty({ examples: ['INR'], description: 'ISO 4217' })
  @Matches(/^[A-Z]{3}$/, { message: '$property must be a currency of ISO 4217, e.g. INR' })
  currency!: string;

  toMoney(): Money {
    return Money.of(this.amountMinor, this.currency);
  }
}

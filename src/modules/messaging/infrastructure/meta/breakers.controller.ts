import { Body, Controller, Get, HttpCode, Post } from '@nestjs/common';
import { ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { IsIn, IsString, MaxLength } from 'class-validator';
import { DomainError } from '../../../../kernel/domain-error.js';
import { PlatformOnly } from '../../../../platform/auth/index.js';
import { BreakerWhatsApp, type BreakerView } from './breaker-whatsapp.js';

class BreakerNotFound extends DomainError {
  readonly code = 'BREAKER_NOT_FOUND';
  readonly kind = 'not-found';
  constructor() {
    super('This process has no such breaker, or it is closed.');
  }
}

export class WhichBreaker {
  @ApiProperty({ enum: ['host', 'number'] })
  @IsIn(['host', 'number'])
  scope!: 'host' | 'number';

  @ApiProperty({ description: 'The phone number id, or `graph` for the host' })
  @IsString()
  @MaxLength(64)
  key!: string;
}

class BreakerDto implements BreakerView {
  @ApiProperty({ enum: ['host', 'number', 'credential'] }) scope!: 'host' | 'number' | 'credential';
  @ApiProperty({ description: 'Phone number id, account id, or `graph`' }) key!: string;
  @ApiProperty({ enum: ['closed', 'open', 'half-open'] }) state!: 'closed' | 'open' | 'half-open';
  @ApiProperty({ type: 'integer', description: 'Failures in a row, while closed' }) failures!: number;
}

class BreakersDto {
  @ApiProperty({ type: [BreakerDto] }) data!: BreakerDto[];
}

/** The breakers of the process that answers; each process has its own. */
@ApiTags('Operations')
@Controller('v1/whatsapp/breakers')
@PlatformOnly()
export class BreakersController {
  constructor(private readonly whatsapp: BreakerWhatsApp) {}

  @Get()
  @ApiOperation({
    summary: 'Breakers that remember trouble',
    description: 'Those of the process that answers. Numbers that are well have none.',
  })
  @ApiOkResponse({ type: BreakersDto })
  list(): BreakersDto {
    return { data: this.whatsapp.list() };
  }

  @Post('reset')
  @HttpCode(204)
  @ApiOperation({
    summary: 'Close a breaker (S3.48)',
    description: 'A credential has no reset: it closes when the account is connected with a new token.',
  })
  @ApiNoContentResponse()
  reset(@Body() { scope, key }: WhichBreaker): void {
    if (!this.whatsapp.reset(scope, key)) throw new BreakerNotFound();
  }
}

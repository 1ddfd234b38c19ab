import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsIn, IsObject, IsOptional, IsString, IsUUID, Length, Matches, MaxLength, ValidateIf } from 'class-validator';
import type { SetupInfo } from '../../application/accounts/onboard-account.js';
import type { AccountView, PhoneNumberView } from '../../application/accounts/account-view.js';

const GRAPH_ID = /^\d{1,32}$/;
const GRAPH_ID_RULE = { message: '$property must be an id of Meta: digits only' };

export class OnboardDto {
  @ApiProperty({ description: 'The code that the signup dialog returned; it is good for half a minute.' })
  @IsString()
  @Length(1, 4096)
  code!: string;

  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: true,
    description:
      'What the signup dialog told the browser: `waba_id`, `phone_number_id`, `business_id`, or the same in camelCase. Each is confirmed with Meta; what is left out is looked up.',
    example: { wabaId: '524126980791429', phoneNumberId: '106540352242922', businessId: '2729063490586005' },
  })
  @IsOptional()
  @IsObject()
  setupInfo?: Record<string, unknown>;
}

/** Reads the ids out of what the dialog sent: the session object itself, its `data`, snake_case or camelCase. */
export function readSetupInfo(given: Record<string, unknown> = {}): SetupInfo {
  const { data } = given;
  const fields = { ...given, ...(typeof data === 'object' && data !== null ? (data as Record<string, unknown>) : {}) };
  const id = (...names: string[]): string | undefined =>
    names
      .map((name) => fields[name])
      .map((value) => (typeof value === 'number' ? String(value) : value))
      .find((value): value is string => typeof value === 'string' && GRAPH_ID.test(value));
  const [wabaId, phoneNumberId, businessId] = [
    id('wabaId', 'waba_id'),
    id('phoneNumberId', 'phone_number_id'),
    id('businessId', 'business_id'),
  ];
  return {
    ...(wabaId ? { wabaId } : {}),
    ...(phoneNumberId ? { phoneNumberId } : {}),
    ...(businessId ? { businessId } : {}),
  };
}

export class ConnectDto {
  @ApiProperty({ example: '524126980791429' })
  @Matches(GRAPH_ID, GRAPH_ID_RULE)
  wabaId!: string;

  @ApiProperty({ example: '106540352242922' })
  @Matches(GRAPH_ID, GRAPH_ID_RULE)
  phoneNumberId!: string;

  @ApiProperty({
    description:
      'A token of a system user with `whatsapp_business_messaging` and `whatsapp_business_management`. It is stored sealed and never shown again.',
    writeOnly: true,
  })
  @Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? value.trim() : value))
  @Matches(/^[\x21-\x7e]{1,4096}$/, { message: 'accessToken must be a token: visible ASCII characters' })
  accessToken!: string;
}

export class WhichAccount {
  @ApiPropertyOptional({ description: 'Which account, when there are several.' })
  @IsOptional()
  @Matches(GRAPH_ID, GRAPH_ID_RULE)
  wabaId?: string;
}

export class ChangePhoneNumberDto {
  @ApiPropertyOptional({
    type: 'string',
    format: 'uuid',
    nullable: true,
    description: 'The area that the number serves; null for none.',
  })
  @ValidateIf((_, value) => value !== undefined && value !== null)
  @IsUUID()
  areaId?: string | null;

  @ApiPropertyOptional({ enum: ['default', 'retarget'] })
  @ValidateIf((_, value) => value !== undefined)
  @IsIn(['default', 'retarget'])
  purpose?: 'default' | 'retarget';

  @ApiPropertyOptional({ type: 'string', maxLength: 100, nullable: true })
  @ValidateIf((_, value) => value !== undefined && value !== null)
  @IsString()
  @MaxLength(100)
  displayName?: string | null;
}

export class PhoneNumberDto implements PhoneNumberView {
  @ApiProperty() phoneNumberId!: string;
  @ApiProperty() wabaId!: string;
  @ApiProperty({ description: '+E.164' }) displayPhoneNumber!: string;
  @ApiProperty({ type: 'string', nullable: true }) verifiedName!: string | null;
  @ApiProperty({ type: 'string', nullable: true }) displayName!: string | null;
  @ApiProperty({ type: 'string', format: 'uuid', nullable: true }) areaId!: string | null;
  @ApiProperty({ enum: ['default', 'retarget'] }) purpose!: 'default' | 'retarget';
  @ApiProperty({ enum: ['active', 'paused', 'disconnected'] }) status!: 'active' | 'paused' | 'disconnected';
  @ApiProperty({ type: 'string', nullable: true }) pausedReason!: string | null;
  @ApiProperty({ type: 'string', nullable: true, description: 'GREEN, YELLOW, RED or UNKNOWN, as Meta rates it' })
  qualityRating!: string | null;
  @ApiProperty({ type: 'integer', description: 'Messages a second' }) throughput!: number;
}

export class AccountDto implements AccountView {
  @ApiProperty({ format: 'uuid' }) id!: string;
  @ApiProperty({
    enum: ['connected', 'credential_refused', 'disconnected'],
    description: '`credential_refused`: Meta no longer takes the token; connect again.',
  })
  status!: 'connected' | 'credential_refused' | 'disconnected';
  @ApiProperty({ enum: ['COMPLETED'] }) setupStatus!: 'COMPLETED';
  @ApiProperty({ enum: ['meta'] }) provider!: 'meta';
  @ApiProperty() wabaId!: string;
  @ApiProperty({ type: 'string', nullable: true }) phoneNumberId!: string | null;
  @ApiProperty({ type: 'string', nullable: true }) businessProfileId!: string | null;
  @ApiProperty({ type: 'string', format: 'date-time' }) connectedAt!: Date;
  @ApiProperty({ type: [PhoneNumberDto] }) phoneNumbers!: PhoneNumberDto[];
}

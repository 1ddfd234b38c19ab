import { ApiProperty, ApiPropertyOptional, PartialType } from '@nestjs/swagger';
import { ArrayMaxSize, ArrayUnique, IsArray, IsIn, IsString, IsUrl, MaxLength, ValidateIf } from 'class-validator';
import { WhenGiven } from '../../../platform/http/when-given.js';
import { TENANT_EVENT_NAMES, type TenantEventName } from '../../../platform/realtime/tenant-event-names.js';
import type { AddedEndpoint } from '../application/endpoints/add-endpoint.js';
import {
  ENDPOINT_STATUSES,
  type EndpointStatus,
  type EndpointToAdd,
  type EndpointView,
} from '../application/endpoints/webhook-endpoints.js';

export class AddEndpointDto implements EndpointToAdd {
  @ApiProperty({
    format: 'uri',
    maxLength: 2048,
    example: 'https://erp.merchant.example/hooks/nodue',
    description:
      'https, in the public internet, on the usual port, without credentials; the operator may allow others.',
  })
  @IsString()
  @MaxLength(2048)
  @IsUrl(
    { protocols: ['https', 'http'], require_protocol: true, require_tld: false },
    { message: 'url must be an URL' },
  )
  url!: string;

  @ApiPropertyOptional({ type: 'string', nullable: true, maxLength: 200 })
  @ValidateIf(({ description }: AddEndpointDto) => description !== undefined && description !== null)
  @IsString()
  @MaxLength(200)
  description?: string | null;

  @ApiPropertyOptional({
    enum: TENANT_EVENT_NAMES,
    isArray: true,
    description: 'Which events it hears of; left out or empty: all.',
  })
  @WhenGiven()
  @IsArray()
  @ArrayMaxSize(TENANT_EVENT_NAMES.length)
  @ArrayUnique()
  @IsIn(TENANT_EVENT_NAMES, { each: true })
  events?: TenantEventName[];
}

export class ChangeEndpointDto extends PartialType(AddEndpointDto, { skipNullProperties: false }) {}

export class EndpointDto implements EndpointView {
  @ApiProperty({ format: 'uuid' }) id!: string;
  @ApiProperty() url!: string;
  @ApiProperty({ type: 'string', nullable: true }) description!: string | null;
  @ApiProperty({ enum: TENANT_EVENT_NAMES, isArray: true, description: 'Empty: all.' }) events!: TenantEventName[];

  @ApiProperty({
    enum: ENDPOINT_STATUSES,
    description:
      '`paused` by a person; `disabled` because the receiver said 410, or nothing for five days. Events wait meanwhile.',
  })
  status!: EndpointStatus;

  @ApiProperty({
    type: 'integer',
    description: 'The last number of the event log that deliveries were made of; `GET /v1/events` says the head.',
  })
  position!: number;

  @ApiProperty({ type: 'string', format: 'date-time', nullable: true }) succeededAt!: Date | null;
  @ApiProperty({ type: 'string', format: 'date-time', nullable: true }) failingSince!: Date | null;
  @ApiProperty({ type: 'string', format: 'date-time' }) createdAt!: Date;
  @ApiProperty({ type: 'string', format: 'date-time' }) updatedAt!: Date;
}

export class AddedEndpointDto extends EndpointDto implements AddedEndpoint {
  @ApiProperty({ example: 'whsec_…', description: 'What it signs with. It cannot be shown again.' })
  secret!: string;
}

export class NewSecretDto {
  @ApiProperty({ example: 'whsec_…', description: 'It cannot be shown again.' })
  secret!: string;
}

import { ApiProperty, ApiPropertyOptional, PartialType } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsDefined, IsOptional, IsString, Length, MaxLength, MinLength, ValidateNested } from 'class-validator';
import type { RegisteredTenant } from '../application/tenants/register-tenant.js';
import type { TenantView } from '../application/tenants/tenant-view.js';
import type { TenantStatus } from '../domain/tenant.js';

class ProfileDto {
  @ApiProperty({ example: 'Asha Traders', maxLength: 200 })
  @IsString()
  @Length(1, 200)
  name!: string;

  @ApiProperty({ description: 'ISO 3166-1 alpha-2', example: 'IN' })
  @IsString()
  @Length(2, 2)
  country!: string;

  @ApiPropertyOptional({
    description: 'IANA zone; Asia/Kolkata when the country is IN, required elsewhere',
    example: 'Asia/Kolkata',
  })
  @IsOptional()
  @IsString()
  @Length(1, 64)
  timezone?: string;

  @ApiProperty({ description: 'ISO 4217', example: 'INR' })
  @IsString()
  @Length(3, 3)
  currency!: string;

  @ApiPropertyOptional({ description: 'BCP 47; English of the country by default', example: 'en-IN' })
  @IsOptional()
  @IsString()
  @Length(2, 35)
  locale?: string;
}

export class ChangeTenantDto extends PartialType(ProfileDto, { skipNullProperties: false }) {}

export class FirstAdminDto {
  @ApiProperty({ format: 'email', description: 'Unique over all tenants', example: 'asha@asha-traders.example' })
  @IsString()
  @MaxLength(254)
  email!: string;

  @ApiProperty({ format: 'password', minLength: 10, maxLength: 200 })
  @IsString()
  @MinLength(1)
  @MaxLength(1000)
  password!: string;

  @ApiProperty({ example: 'Asha Rao', maxLength: 200 })
  @IsString()
  @Length(1, 200)
  name!: string;
}

export class RegisterTenantDto extends ProfileDto {
  @ApiProperty({ type: FirstAdminDto })
  @IsDefined()
  @ValidateNested()
  @Type(() => FirstAdminDto)
  admin!: FirstAdminDto;
}

export class TenantDto implements TenantView {
  @ApiProperty({ format: 'uuid' })
  id!: string;

  @ApiProperty()
  name!: string;

  @ApiProperty({ description: 'ISO 3166-1 alpha-2' })
  country!: string;

  @ApiProperty({ description: 'IANA zone' })
  timezone!: string;

  @ApiProperty({ description: 'ISO 4217' })
  currency!: string;

  @ApiProperty({ description: 'BCP 47' })
  locale!: string;

  @ApiProperty({ enum: ['active', 'suspended'] })
  status!: TenantStatus;

  @ApiProperty()
  createdAt!: Date;
}

export class RegisteredTenantDto implements RegisteredTenant {
  @ApiProperty({ type: TenantDto })
  tenant!: TenantDto;

  @ApiProperty({ description: 'An API key with all scopes. It cannot be shown again.', example: 'nd_…' })
  apiKey!: string;
}

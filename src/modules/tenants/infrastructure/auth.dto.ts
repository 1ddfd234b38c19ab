import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, IsString, MaxLength } from 'class-validator';
import type { SessionView } from '../application/sessions/open-session.js';
import { UserDto } from './people.dto.js';

export class LogInDto {
  @ApiProperty({ format: 'email' })
  @IsString()
  @MaxLength(1000)
  email!: string;

  @ApiProperty({ format: 'password' })
  @IsString()
  @MaxLength(1000)
  password!: string;
}

export class RefreshDto {
  @ApiProperty()
  @IsString()
  @MaxLength(1000)
  refreshToken!: string;
}

export class LogOutDto {
  @ApiPropertyOptional({ description: 'Instead of an access token.' })
  @IsOptional()
  @IsString()
  @MaxLength(1000)
  refreshToken?: string;
}

export class ChangePasswordDto {
  @ApiProperty({ format: 'password' })
  @IsString()
  @MaxLength(1000)
  currentPassword!: string;

  @ApiProperty({ format: 'password', minLength: 10, maxLength: 200 })
  @IsString()
  @MaxLength(1000)
  newPassword!: string;
}

export class SessionDto implements SessionView {
  @ApiProperty({ description: 'Good for 15 minutes.' })
  accessToken!: string;

  @ApiProperty({ description: 'Good for one use within 30 days. A second use ends the session.' })
  refreshToken!: string;

  @ApiProperty({ description: 'Seconds until the access token ends.', example: 900 })
  expiresIn!: number;

  @ApiProperty({ type: UserDto })
  user!: UserDto;
}

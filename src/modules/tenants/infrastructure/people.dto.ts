import { ApiProperty, ApiPropertyOptional, PartialType, PickType } from '@nestjs/swagger';
import { ArrayMaxSize, IsArray, IsIn, IsOptional, IsString, Length, MaxLength } from 'class-validator';
import { type Role, ROLES } from '../../../kernel/access.js';
import type { AreaView } from '../application/areas/areas.js';
import type { UserView } from '../application/users/user-view.js';
import type { UserStatus } from '../domain/user.js';

export class CreateUserDto {
  @ApiProperty({ format: 'email', description: 'Unique over all tenants' })
  @IsString()
  @MaxLength(254)
  email!: string;

  @ApiProperty({ format: 'password', minLength: 10, maxLength: 200 })
  @IsString()
  @MaxLength(1000)
  password!: string;

  @ApiProperty({ maxLength: 200 })
  @IsString()
  @Length(1, 200)
  name!: string;

  @ApiProperty({ enum: ROLES, enumName: 'Role' })
  @IsIn(ROLES)
  role!: Role;

  @ApiPropertyOptional({ type: [String], description: 'Ids or names of areas' })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(100)
  @IsString({ each: true })
  @MaxLength(100, { each: true })
  areas?: string[];
}

export class ChangeUserDto extends PartialType(PickType(CreateUserDto, ['name', 'role', 'areas'] as const)) {}

export class ResetPasswordDto {
  @ApiProperty({ format: 'password', minLength: 10, maxLength: 200 })
  @IsString()
  @MaxLength(1000)
  newPassword!: string;
}

export class AreaNameDto {
  @ApiProperty({
    example: 'athens',
    description: 'Unique among the areas; `all` stands for every area.',
    maxLength: 100,
  })
  @IsString()
  @Length(1, 100)
  name!: string;
}

export class AreaDto implements AreaView {
  @ApiProperty({ format: 'uuid' })
  id!: string;

  @ApiProperty()
  name!: string;

  @ApiProperty()
  createdAt!: Date;
}

class UsersAreaDto extends PickType(AreaDto, ['id', 'name'] as const) {}

export class UserDto implements UserView {
  @ApiProperty({ format: 'uuid' })
  id!: string;

  @ApiProperty({ format: 'email' })
  email!: string;

  @ApiProperty()
  name!: string;

  @ApiProperty({ enum: ROLES, enumName: 'Role' })
  role!: Role;

  @ApiProperty({ type: [UsersAreaDto] })
  areas!: UsersAreaDto[];

  @ApiProperty({ enum: ['active', 'disabled'] })
  status!: UserStatus;

  @ApiProperty({ type: Date, nullable: true })
  lastLoginAt!: Date | null;

  @ApiProperty()
  createdAt!: Date;
}

import { Body, Controller, Delete, Get, HttpCode, Param, ParseUUIDPipe, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { ArrayMaxSize, ArrayNotEmpty, IsArray, IsIn, IsString, Length } from 'class-validator';
import { type Scope, SCOPES } from '../../../kernel/access.js';
import { CurrentPrincipal, type Principal, RequiresScope } from '../../../platform/auth/index.js';
import { Commands, Queries } from '../../../platform/cqrs/commands.js';
import { ApiPage, type Page, PageQuery } from '../../../platform/http/pagination.js';
import type { ApiKeyView } from '../application/api-keys/api-key-view.js';
import { CreateApiKey, type CreatedApiKey } from '../application/api-keys/create-api-key.js';
import { ListApiKeys } from '../application/api-keys/list-api-keys.js';
import { RevokeApiKey } from '../application/api-keys/revoke-api-key.js';

class CreateApiKeyDto {
  @ApiProperty({ example: 'Shop system', maxLength: 100 })
  @IsString()
  @Length(1, 100)
  name!: string;

  @ApiProperty({ enum: SCOPES, enumName: 'Scope', isArray: true, description: 'No more than the caller has.' })
  @IsArray()
  @ArrayNotEmpty()
  @ArrayMaxSize(SCOPES.length)
  @IsIn(SCOPES, { each: true })
  scopes!: Scope[];
}

class ApiKeyDto implements ApiKeyView {
  @ApiProperty({ format: 'uuid' })
  id!: string;

  @ApiProperty()
  name!: string;

  @ApiProperty({ description: "The key's first characters." })
  hint!: string;

  @ApiProperty({ enum: SCOPES, enumName: 'Scope', isArray: true })
  scopes!: Scope[];

  @ApiProperty()
  createdAt!: Date;

  @ApiProperty({ type: Date, nullable: true, description: 'Exact to a minute.' })
  lastUsedAt!: Date | null;

  @ApiProperty({ type: Date, nullable: true })
  revokedAt!: Date | null;
}

class CreatedApiKeyDto extends ApiKeyDto implements CreatedApiKey {
  @ApiProperty({ description: 'The key itself. It cannot be shown again.', example: 'nd_…' })
  key!: string;
}

@ApiTags('People')
@Controller('v1/api-keys')
export class ApiKeysController {
  constructor(
    private readonly commands: Commands,
    private readonly queries: Queries,
  ) {}

  @Post()
  @RequiresScope('api-keys:write')
  @ApiOperation({ summary: 'Create an API key', description: 'The key is shown in this answer alone.' })
  @ApiCreatedResponse({ type: CreatedApiKeyDto })
  create(@Body() { name, scopes }: CreateApiKeyDto, @CurrentPrincipal() principal: Principal): Promise<CreatedApiKey> {
    return this.commands.execute(new CreateApiKey(name, scopes, principal.scopes));
  }

  @Get()
  @RequiresScope('api-keys:read')
  @ApiOperation({ summary: 'The API keys' })
  @ApiPage(ApiKeyDto)
  list(@Query() page: PageQuery): Promise<Page<ApiKeyView>> {
    return this.queries.execute(new ListApiKeys(page));
  }

  @Delete(':id')
  @HttpCode(204)
  @RequiresScope('api-keys:write')
  @ApiOperation({ summary: 'Revoke an API key', description: 'It is refused at once.' })
  @ApiNoContentResponse()
  async revoke(@Param('id', ParseUUIDPipe) id: string, @CurrentPrincipal() { scopes }: Principal): Promise<void> {
    await this.commands.execute(new RevokeApiKey(id, scopes));
  }
}

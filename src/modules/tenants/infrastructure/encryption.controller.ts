import { Controller, HttpCode, Post } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { PlatformOnly } from '../../../platform/auth/index.js';
import { Commands } from '../../../platform/cqrs/commands.js';
import { ReservesIdempotencyKey } from '../../../platform/http/idempotency.js';
import { RewrapDataKeys, type Rewrapped } from '../application/encryption/rewrap-data-keys.js';

class RewrappedDto implements Rewrapped {
  @ApiProperty({ description: 'Data keys that another key of ENCRYPTION_KEYS had wrapped.' })
  rewrapped!: number;
}

@ApiTags('Operations')
@Controller('v1/encryption')
export class EncryptionController {
  constructor(private readonly commands: Commands) {}

  @Post('rewrap')
  @HttpCode(200)
  @PlatformOnly()
  @ReservesIdempotencyKey()
  @ApiOperation({
    summary: "Wrap all data keys with the ring's first key",
    description:
      'After this the other keys of ENCRYPTION_KEYS may be retired. Safe at any time and repeatable. For the platform operator.',
  })
  @ApiOkResponse({ type: RewrappedDto })
  rewrap(): Promise<Rewrapped> {
    return this.commands.execute(new RewrapDataKeys());
  }
}

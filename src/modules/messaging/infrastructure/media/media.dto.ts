import { ApiProperty } from '@nestjs/swagger';
import { IsUUID } from 'class-validator';
import type { MediaView } from '../../application/media/media-view.js';
import type { FileKind, MediaFaultCode, MediaState } from '../../domain/media.js';

export class MediaIdParam {
  @IsUUID()
  id!: string;
}

class MediaFailureDto {
  @ApiProperty({ type: 'string', example: 'LINK_EXPIRED' })
  code!: MediaFaultCode;

  @ApiProperty({ type: 'string' })
  detail!: string;
}

export class MediaDto implements MediaView {
  @ApiProperty({ type: 'string', format: 'uuid' })
  mediaId!: string;

  @ApiProperty({ enum: ['image', 'video', 'audio', 'voice', 'document', 'sticker'] })
  kind!: FileKind;

  @ApiProperty({
    enum: ['pending', 'stored', 'failed'],
    description: '`pending`: not here yet; `failed`: given up, and can be fetched again.',
  })
  state!: MediaState;

  @ApiProperty({
    type: 'string',
    nullable: true,
    description: 'As the bytes say; as the sender said before they came.',
  })
  mimeType!: string | null;

  @ApiProperty({ type: 'integer', nullable: true, description: 'Bytes.' })
  size!: number | null;

  @ApiProperty({ type: 'string', nullable: true })
  filename!: string | null;

  @ApiProperty({ type: 'string', nullable: true, description: 'Hex.' })
  sha256!: string | null;

  @ApiProperty({
    type: 'string',
    nullable: true,
    description: 'Relative to this API; opens the file for ten minutes without a credential.',
  })
  url!: string | null;

  @ApiProperty({
    type: MediaFailureDto,
    nullable: true,
    description: 'What the last try to fetch it ended with; also while it is tried again.',
  })
  failure!: MediaFailureDto | null;
}

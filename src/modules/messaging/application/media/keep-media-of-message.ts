import { Injectable } from '@nestjs/common';
import { Clock } from '../../../../kernel/clock.js';
import { TenantScope } from '../../../../platform/database/tenant-scope.js';
import { Lanes } from '../../../../platform/lanes/lanes.js';
import { readSha256 } from '../../domain/media.js';
import { readFileName } from '../../domain/media-name.js';
import type { InboundBody } from '../inbound/inbound-message.js';
import { MEDIA_FETCH } from './media-fetch-lane.js';
import { MediaFiles } from './media-files.js';

/** A stored message that came through the provider: a customer's, one of the history, or one that was written on the merchant's phone. */
export interface MessageWithMedia {
  readonly messageId: string;
  readonly threadId: string | undefined;
  readonly phoneNumberId: string;
  readonly body: InboundBody;
}

/**
 * Has the file of a message fetched (S1.5, S1.44): notes it and rings in the open transaction, so that message and duty commit together.
 * A message without a file, or whose file is known, changes nothing.
 */
@Injectable()
export class KeepMediaOfMessage {
  constructor(
    private readonly files: MediaFiles,
    private readonly lanes: Lanes,
    private readonly scope: TenantScope,
    private readonly clock: Clock,
  ) {}

  async keep({ messageId, threadId, phoneNumberId, body }: MessageWithMedia): Promise<void> {
    if (body.type !== 'media') return;
    const isNew = await this.files.await({
      messageId,
      threadId,
      phoneNumberId,
      kind: body.kind,
      providerMediaId: body.mediaId,
      declaredType: body.mimeType,
      filename: readFileName(body.filename),
      expectedSha256: readSha256(body.sha256),
    });
    if (isNew)
      await this.lanes.ring(MEDIA_FETCH, [
        { key: phoneNumberId, tenantId: this.scope.tenantId, dueAt: this.clock.now() },
      ]);
  }
}

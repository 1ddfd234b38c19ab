import { Injectable } from '@nestjs/common';
import { Clock } from '../../../../kernel/clock.js';
import { TenantScope } from '../../../../platform/database/tenant-scope.js';
import { SignedLinks } from '../../../../platform/media-store/signed-links.js';
import type { MediaFile } from './media-files.js';
import type { MediaView } from './media-view.js';

/** How long a link opens its file. */
const LINK_LIFE_MS = 10 * 60 * 1000;

/** Files with a link that opens them for a while (C57). */
@Injectable()
export class MediaLinks {
  constructor(
    private readonly links: SignedLinks,
    private readonly scope: TenantScope,
    private readonly clock: Clock,
  ) {}

  viewOf(file: MediaFile): MediaView {
    const { mediaId, kind, state, mimeType, declaredType, size, filename, sha256, failure } = file;
    return {
      mediaId,
      kind,
      state,
      mimeType: mimeType ?? declaredType ?? null,
      size: size ?? null,
      filename: filename ?? null,
      sha256: sha256 === undefined ? null : Buffer.from(sha256).toString('hex'),
      url: state === 'stored' ? this.#linkTo(mediaId) : null,
      failure: failure && state !== 'stored' ? { code: failure.code, detail: failure.detail } : null,
    };
  }

  #linkTo(mediaId: string): string {
    const until = new Date(this.clock.now().getTime() + LINK_LIFE_MS);
    return `/v1/media/${mediaId}/content${this.links.sign({ tenantId: this.scope.tenantId, mediaId }, until)}`;
  }
}

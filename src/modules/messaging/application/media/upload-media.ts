import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Readable } from 'node:stream';
import { newId } from '../../../../kernel/ids.js';
import { OpensItsOwnTransactions } from '../../../../platform/cqrs/commands.js';
import { TenantScope } from '../../../../platform/database/tenant-scope.js';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';
import { mediaKey, MediaStore } from '../../../../platform/media-store/media-store.js';
import type { FileKind } from '../../domain/media.js';
import { MediaFiles } from './media-files.js';
import { MediaLinks } from './media-links.js';
import type { MediaView } from './media-view.js';

/** A file that was looked at: of a type that WhatsApp takes as the kind, within its limit, an image without what it knew of its maker. */
export interface ReadyFile {
  readonly kind: FileKind;
  readonly mimeType: string;
  readonly filename: string | undefined;
  readonly size: number;
  readonly sha256: Buffer;
  /** Reads it from its beginning. */
  open(): Readable;
}

/**
 * Keeps a file to be sent (S1.42, S1.81). The same file again, by the same person, is the same upload; the same bytes are kept once a tenant. A
 * process that dies after the store and before the books leaves bytes that nothing names.
 */
@OpensItsOwnTransactions()
export class UploadMedia extends Command<MediaView> {
  constructor(
    readonly actor: string,
    readonly file: ReadyFile,
  ) {
    super();
  }
}

@CommandHandler(UploadMedia)
export class UploadMediaHandler implements ICommandHandler<UploadMedia> {
  constructor(
    private readonly files: MediaFiles,
    private readonly store: MediaStore,
    private readonly links: MediaLinks,
    private readonly unitOfWork: UnitOfWork,
    private readonly scope: TenantScope,
  ) {}

  async execute({ actor: createdBy, file }: UploadMedia): Promise<MediaView> {
    const { kind, mimeType, filename, size, sha256 } = file;
    const upload = { kind, mimeType, filename, size, sha256, createdBy };
    const known = await this.unitOfWork.runSql(() => this.files.findSame(upload));
    if (known.same) return this.links.viewOf(known.same);
    const mediaId = newId();
    const storeKey = known.storeKey ?? mediaKey(this.scope.tenantId, mediaId);
    if (known.storeKey === undefined) await this.store.put(storeKey, file.open(), { maxBytes: size, mimeType });
    await this.unitOfWork.runSql(() => this.files.addUpload({ ...upload, mediaId, storeKey }));
    return this.links.viewOf({
      ...upload,
      mediaId,
      storeKey,
      state: 'stored',
      declaredType: undefined,
      failure: undefined,
    });
  }
}

import { Injectable } from '@nestjs/common';
import { createReadStream } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { TemporaryFiles } from '../../../../platform/media-store/temporary-files.js';
import { FileInspection } from '../../application/media/file-inspection.js';
import type { ReadyFile } from '../../application/media/upload-media.js';
import type { FileKind } from '../../domain/media.js';
import { MediaTooLarge, MediaTypeRefused, UploadUnreadable } from '../../domain/media-errors.js';
import { readFileName } from '../../domain/media-name.js';
import { fits, kindOfType, LARGEST, LARGEST_STILL_STICKER, TURNED_INTO_PNG } from '../../domain/media-types.js';
import { ImageCleaning } from './image-cleaning.js';
import { readUploadForm, type UploadForm } from './upload-form.js';

const KINDS: readonly FileKind[] = ['image', 'video', 'audio', 'document', 'sticker'];
const DRAWN: readonly string[] = ['image/jpeg', 'image/png', ...TURNED_INTO_PNG];

/** Makes of a form that a stranger sent a file that may be sent on: looked at, measured, drawn anew when it is a picture. */
@Injectable()
export class UploadIntake {
  constructor(
    private readonly temporary: TemporaryFiles,
    private readonly inspection: FileInspection,
    private readonly images: ImageCleaning,
  ) {}

  /**
   * Lends the file to `use`; nothing stays on disk afterwards.
   * @throws UploadUnreadable, MediaTypeRefused, MediaTooLarge
   */
  async take<Result>(
    body: Readable,
    contentType: string | undefined,
    use: (file: ReadyFile) => Promise<Result>,
  ): Promise<Result> {
    const form = await readUploadForm(body, contentType, this.temporary);
    const paths = [form.file.path];
    try {
      return await use(await this.#prepare(form, paths));
    } finally {
      await Promise.all(paths.map((path) => rm(path, { force: true })));
    }
  }

  async #prepare(form: UploadForm, paths: string[]): Promise<ReadyFile> {
    const { file, declaredType } = form;
    const filename = readFileName(form.filename);
    const mimeType = await this.inspection.typeOf(await this.#head(file.path), { type: declaredType, filename });
    const kind = readKind(form.kind) ?? kindOfType(mimeType);
    if (kind === undefined || !(fits(mimeType, kind) || mimeType === 'image/gif'))
      throw new MediaTypeRefused(
        `By its bytes the file is ${mimeType}, which WhatsApp does not take${form.kind === undefined ? '' : ` as ${kind}`}.`,
      );
    if (file.size > LARGEST[kind]) throw new MediaTooLarge(LARGEST[kind], `A file that is sent as ${kind}`);
    if (!DRAWN.includes(mimeType)) return ready(file, { kind, mimeType, filename });
    const clean = await this.images.clean(file.path, mimeType, kind);
    paths.push(clean.file.path);
    return ready(clean.file, { kind, mimeType: clean.mimeType, filename });
  }

  async #head(path: string): Promise<Uint8Array> {
    const file = await open(path, 'r');
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(this.inspection.headSize), 0, null, 0);
      return buffer.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  }
}

function ready(
  { path, size, sha256 }: UploadForm['file'],
  facts: Pick<ReadyFile, 'kind' | 'mimeType' | 'filename'>,
): ReadyFile {
  if (facts.kind === 'sticker' && size > LARGEST.sticker) throw new MediaTooLarge(LARGEST_STILL_STICKER);
  return { ...facts, size, sha256, open: () => createReadStream(path) };
}

function readKind(given: string | undefined): FileKind | undefined {
  if (given === undefined) return undefined;
  const kind = KINDS.find((one) => one === given);
  if (!kind) throw new UploadUnreadable(`kind is one of ${KINDS.join(', ')}.`);
  return kind;
}

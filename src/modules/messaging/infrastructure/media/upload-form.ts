import { Busboy, type BusboyHeaders, type BusboyInstance } from '@fastify/busboy';
import { rm } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { DomainError } from '../../../../kernel/domain-error.js';
import { FileTooLarge } from '../../../../platform/media-store/media-store.js';
import type { TemporaryFile, TemporaryFiles } from '../../../../platform/media-store/temporary-files.js';
import { MediaTooLarge, UploadUnreadable } from '../../domain/media-errors.js';
import { LARGEST } from '../../domain/media-types.js';

export interface UploadForm {
  readonly file: TemporaryFile;
  readonly filename: string | undefined;
  readonly declaredType: string | undefined;
  /** As it was given; not checked. */
  readonly kind: string | undefined;
}

interface FormFile {
  readonly file: TemporaryFile;
  readonly filename: string;
  readonly declaredType: string;
}

/**
 * Reads a multipart form with one file, which goes to disk as it comes.
 * @throws UploadUnreadable, MediaTooLarge; no file is left then
 */
export async function readUploadForm(
  body: Readable,
  contentType: string | undefined,
  temporary: TemporaryFiles,
): Promise<UploadForm> {
  const fields = new Map<string, string>();
  let part: Readable | undefined;
  let written: Promise<FormFile> | undefined;
  const form = openForm(contentType);
  try {
    await new Promise<void>((resolve, reject) => {
      form.on('file', (field, bytes, filename, _encoding, declaredType) => {
        bytes.on('error', reject);
        if (field !== 'file' || written) return void bytes.resume();
        part = bytes;
        written = temporary.write(bytes, LARGEST.document).then((file) => ({ file, filename, declaredType }));
        written.catch(reject);
      });
      form.on('field', (name, value) => void fields.set(name, value));
      form.on('finish', resolve);
      form.on('error', reject);
      body.on('error', reject);
      // A whole request closes, too, and it may before its last part is written down.
      body.on('close', () => {
        if (!body.readableEnded) reject(new UploadUnreadable('The form broke off.'));
      });
      body.pipe(form);
    });
    if (!written) throw new UploadUnreadable('The form has no part that is named "file" and has a file name.');
    const { file, filename, declaredType } = await written;
    return { file, declaredType, filename: fields.get('filename') ?? filename, kind: fields.get('kind') };
  } catch (error) {
    body.unpipe(form);
    form.destroy();
    // The parser does not end a part that broke off: whoever writes it down would wait for ever.
    part?.destroy(new UploadUnreadable('The form broke off.'));
    await written?.then(({ file }) => rm(file.path, { force: true })).catch(() => undefined);
    if (error instanceof FileTooLarge) throw new MediaTooLarge(error.limit);
    // A fault of the disk is ours; the parser's own faults are the form's.
    if (error instanceof DomainError) throw error;
    throw new UploadUnreadable('The form cannot be read.');
  }
}

function openForm(contentType: string | undefined): BusboyInstance {
  try {
    return new Busboy({
      headers: { 'content-type': contentType } as BusboyHeaders,
      limits: { files: 1, fields: 8, parts: 9, fieldNameSize: 64, fieldSize: 1024, headerPairs: 16, headerSize: 8192 },
    });
  } catch {
    throw new UploadUnreadable('Send multipart/form-data with a boundary.');
  }
}

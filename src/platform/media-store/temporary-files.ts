import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, open, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { MeasuredBytes } from './measured-bytes.js';
import { type StoredFile, unavailable, WrongDigest } from './media-store.js';

/** Nothing that is in use was last written to so long ago: fetches and uploads end sooner. */
const LEFT_BEHIND_MS = 2 * 60 * 60 * 1000;

export interface TemporaryFile extends StoredFile {
  readonly path: string;
}

/** A folder for files on their way. What a dead process left in it goes after two hours. */
export class TemporaryFiles {
  constructor(private readonly folder: string) {}

  /**
   * Writes the stream to disk, down to the platter.
   * @param sha256 what the bytes must be; left out: whatever comes
   * @throws FileTooLarge, WrongDigest, MediaStoreUnavailable, and what broke the stream; nothing is left then
   */
  async write(bytes: Readable, maxBytes: number, sha256?: Uint8Array): Promise<TemporaryFile> {
    const path = this.newPath();
    const measured = new MeasuredBytes(maxBytes);
    try {
      await mkdir(this.folder, { recursive: true });
      await pipeline(bytes, measured, createWriteStream(path, { flags: 'wx', flush: true }));
      if (sha256 && !measured.result.sha256.equals(sha256)) throw new WrongDigest();
    } catch (error) {
      bytes.destroy();
      await rm(path, { force: true }).catch(() => undefined);
      throw isFaultOfDisk(error) ? unavailable(error) : error;
    }
    return { path, ...measured.result };
  }

  newPath(): string {
    return join(this.folder, randomUUID());
  }

  /** @param now as files' times tell it: the machine's own clock */
  async clear(now: number): Promise<void> {
    const names = await readdir(this.folder).catch((): string[] => []);
    for (const path of names.map((name) => join(this.folder, name))) {
      const found = await stat(path).catch(() => undefined);
      if (found?.isFile() && now - found.mtimeMs > LEFT_BEHIND_MS) await rm(path, { force: true });
    }
  }
}

const DISK_CALLS: readonly unknown[] = ['mkdir', 'open', 'write', 'writev', 'fsync', 'close', 'rename'];

/** Whether writing failed, rather than the stream that was to be written. */
export function isFaultOfDisk(error: unknown): boolean {
  return DISK_CALLS.includes((error as NodeJS.ErrnoException).syscall);
}

/** A rename is safe when the folder is written down, too. */
export async function flushFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, open, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { MeasuredBytes } from './measured-bytes.js';
import type { StoredFile } from './media-store.js';

/** Nothing that is being written is this old. */
const LEFT_BEHIND_MS = 24 * 60 * 60 * 1000;

export interface TemporaryFile extends StoredFile {
  readonly path: string;
}

/** A folder for files on their way. What a dead process left in it goes after a day. */
export class TemporaryFiles {
  constructor(private readonly folder: string) {}

  /** Writes the stream to disk, down to the platter. @throws FileTooLarge, and nothing is left then */
  async write(bytes: Readable, maxBytes: number): Promise<TemporaryFile> {
    await mkdir(this.folder, { recursive: true });
    const path = this.newPath();
    const measured = new MeasuredBytes(maxBytes);
    try {
      await pipeline(bytes, measured, createWriteStream(path, { flags: 'wx', flush: true }));
    } catch (error) {
      await rm(path, { force: true });
      throw error;
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

/** A rename is safe when the folder is written down, too. */
export async function flushFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

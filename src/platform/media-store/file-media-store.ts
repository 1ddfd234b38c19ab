import { createReadStream } from 'node:fs';
import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { type ByteRange, checkKey, MediaStore, type PutOptions, type StoredFile, unavailable } from './media-store.js';
import { flushFolder, isFaultOfDisk, TemporaryFiles } from './temporary-files.js';

/** Files below a folder: written aside, flushed, then put in place by a rename, which happens in whole or not at all. */
export class FileMediaStore extends MediaStore {
  readonly #folder: string;
  readonly #temporary: TemporaryFiles;

  constructor(folder: string) {
    super();
    this.#folder = resolve(folder);
    // On the same file system, or the rename would be a copy.
    this.#temporary = new TemporaryFiles(join(this.#folder, '.incoming'));
  }

  async put(key: string, bytes: Readable, { maxBytes, sha256: expected }: PutOptions): Promise<StoredFile> {
    const path = this.#pathOf(key);
    const { path: written, size, sha256 } = await this.#temporary.write(bytes, maxBytes, expected);
    try {
      await mkdir(dirname(path), { recursive: true });
      await rename(written, path);
      await flushFolder(dirname(path));
    } catch (error) {
      await rm(written, { force: true });
      throw isFaultOfDisk(error) ? unavailable(error) : error;
    }
    return { size, sha256 };
  }

  async get(key: string, range?: ByteRange): ReturnType<MediaStore['get']> {
    const path = this.#pathOf(key);
    const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined;
      throw unavailable(error);
    });
    return found && { bytes: createReadStream(path, range), size: found.size };
  }

  async remove(key: string): Promise<void> {
    await rm(this.#pathOf(key), { force: true });
  }

  /** Clears what dead processes left behind. */
  clear(now: number): Promise<void> {
    return this.#temporary.clear(now);
  }

  #pathOf(key: string): string {
    return join(this.#folder, ...checkKey(key).split('/'));
  }
}

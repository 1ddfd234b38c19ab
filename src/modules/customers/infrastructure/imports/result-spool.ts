import { type FileHandle, mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RowResult } from '../../application/imports/import-file.js';

/** What is kept in memory; more goes to a file. */
const IN_MEMORY = 1024 * 1024;

/**
 * Results of rows until the file has been read: a client that sends before it listens could otherwise not send on. A million of
 * them are a file of a hundred megabytes, and no memory.
 */
export class ResultSpool {
  #waiting: string[] = [];
  #length = 0;
  #directory: string | undefined;
  #file: FileHandle | undefined;
  #isFirst = true;

  async add(result: RowResult): Promise<void> {
    const text = `${this.#isFirst ? '' : ','}${JSON.stringify(result)}`;
    this.#isFirst = false;
    this.#waiting.push(text);
    this.#length += text.length;
    if (this.#length > IN_MEMORY) await this.#spill();
  }

  /** All results with commas between them, once; the file is removed at the end. */
  async *read(): AsyncGenerator<string | Buffer, void, void> {
    try {
      if (this.#file) {
        await this.#spill();
        const stream = this.#file.createReadStream({ start: 0, autoClose: false });
        for await (const chunk of stream) yield chunk as Buffer;
      }
      yield this.#waiting.join('');
    } finally {
      await this.close();
    }
  }

  async close(): Promise<void> {
    const [file, directory] = [this.#file, this.#directory];
    [this.#file, this.#directory] = [undefined, undefined];
    await file?.close();
    if (directory) await rm(directory, { recursive: true, force: true });
  }

  async #spill(): Promise<void> {
    if (!this.#file) {
      this.#directory = await mkdtemp(join(tmpdir(), 'nodue-import-'));
      this.#file = await open(join(this.#directory, 'results'), 'w+', 0o600);
    }
    await this.#file.appendFile(this.#waiting.join(''));
    [this.#waiting, this.#length] = [[], 0];
  }
}

import { Global, Inject, Module, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { join } from 'node:path';
import { Config } from '../config/config.js';
import { DialledSafeFetch } from './dialled-safe-fetch.js';
import { FileMediaStore } from './file-media-store.js';
import { HmacSignedLinks } from './hmac-signed-links.js';
import { MediaStore } from './media-store.js';
import { NameLookup } from './name-lookup.js';
import { S3MediaStore } from './s3-media-store.js';
import { SafeFetch } from './safe-fetch.js';
import { SignedLinks } from './signed-links.js';
import { TemporaryFiles } from './temporary-files.js';

const temporaryFiles = {
  provide: TemporaryFiles,
  inject: [Config],
  useFactory: ({ NODUE_DATA_DIR }: Config) => new TemporaryFiles(join(NODUE_DATA_DIR, 'media-incoming')),
};

const mediaStore = {
  provide: MediaStore,
  inject: [Config, TemporaryFiles],
  useFactory: (config: Config, temporary: TemporaryFiles): MediaStore =>
    config.MEDIA_STORE === 'file'
      ? new FileMediaStore(join(config.NODUE_DATA_DIR, 'media'))
      : new S3MediaStore(
          {
            endpoint: config.S3_ENDPOINT!,
            bucket: config.S3_BUCKET!,
            region: config.S3_REGION,
            accessKeyId: config.S3_ACCESS_KEY_ID!,
            secretAccessKey: config.S3_SECRET_ACCESS_KEY!,
          },
          temporary,
        ),
};

const CLEARING_MS = 60 * 60 * 1000;

/** Files: where they are kept, how they are linked to, how they are fetched from strangers. */
@Global()
@Module({
  providers: [
    temporaryFiles,
    mediaStore,
    NameLookup,
    { provide: SignedLinks, useClass: HmacSignedLinks },
    { provide: SafeFetch, useClass: DialledSafeFetch },
  ],
  exports: [MediaStore, SignedLinks, SafeFetch, TemporaryFiles],
})
export class MediaStoreModule implements OnApplicationBootstrap, OnApplicationShutdown {
  #clearing: NodeJS.Timeout | undefined;

  constructor(
    @Inject(MediaStore) private readonly store: MediaStore,
    private readonly temporary: TemporaryFiles,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.#clear();
    // What is too young now would otherwise stay until the next start.
    this.#clearing = setInterval(() => void this.#clear(), CLEARING_MS).unref();
  }

  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.#clearing);
    if (this.store instanceof S3MediaStore) await this.store.close();
  }

  async #clear(): Promise<void> {
    // Files tell the machine's time, whatever the business clock says.
    const now = performance.timeOrigin + performance.now();
    await this.temporary.clear(now);
    if (this.store instanceof FileMediaStore) await this.store.clear(now);
  }
}

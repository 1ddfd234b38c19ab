import { Global, Module } from '@nestjs/common';

/** Files: where they are kept, how they are linked to, how they are fetched from strangers. */
@Global()
@Module({})
export class MediaStoreModule {}

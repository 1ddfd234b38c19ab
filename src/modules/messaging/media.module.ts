import { Module } from '@nestjs/common';

/** Files: customers' are fetched and kept, the merchant's are uploaded and sent. */
@Module({})
export class MediaModule {}

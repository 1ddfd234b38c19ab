import { Module } from '@nestjs/common';

/** What webhooks tell besides messages and statuses: read, ordered, handed to whoever consumes it. */
@Module({})
export class WebhookChangesModule {}

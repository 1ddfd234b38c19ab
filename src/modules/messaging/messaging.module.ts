import { Module } from '@nestjs/common';
import { AccountsModule } from './accounts.module.js';
import { InboundModule } from './inbound.module.js';
import { OutboundModule } from './outbound.module.js';

/** The WhatsApp channel: accounts and numbers, what comes in, what goes out. */
@Module({ imports: [AccountsModule, InboundModule, OutboundModule], exports: [OutboundModule] })
export class MessagingModule {}

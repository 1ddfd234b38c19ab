import { Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { DeadLettersModule } from '../../platform/dead-letters/dead-letters.module.js';
import { LanesModule } from '../../platform/lanes/lanes.module.js';
import { AccountsModule } from './accounts.module.js';
import { OutgoingFiles } from './application/media/outgoing-files.js';
import { CancelMessageHandler } from './application/outbound/cancel-message.js';
import { EnqueueMessageHandler, EnqueueMessagesHandler } from './application/outbound/enqueue-message.js';
import { FindReadyNumberHandler } from './application/outbound/find-ready-number.js';
import { FollowedMessagesHandler } from './application/outbound/followed-messages.js';
import { FindMessageHandler } from './application/outbound/find-message.js';
import { ListMessagesHandler } from './application/outbound/list-messages.js';
import { MessageComposers } from './application/outbound/message-composer.js';
import { OutgoingPlacers } from './application/outbound/outgoing-placer.js';
import { OutgoingMessages } from './application/outbound/outgoing-messages.js';
import { ReadReceipts } from './application/outbound/read-receipts.js';
import { ResendMessageHandler } from './application/outbound/resend-message.js';
import { ScheduledMessages } from './application/outbound/scheduled-messages.js';
import { SEND_QUEUE } from './application/outbound/send-queue-lane.js';
import { SendMessageHandler } from './application/outbound/send-message.js';
import { SpeakingNumbers } from './application/outbound/speaking-numbers.js';
import { FollowersModule } from './followers.module.js';
import { InboundModule } from './inbound.module.js';
import { MediaBooksModule } from './media-books.module.js';
import { DiscoveredComposer } from './infrastructure/outbound/discovered-composer.js';
import { DiscoveredPlacer } from './infrastructure/outbound/discovered-placer.js';
import { MessagesController } from './infrastructure/outbound/messages.controller.js';
import { OutboundDepth } from './infrastructure/outbound/outbound-depth.js';
import { OutboundJournal } from './infrastructure/outbound/outbound-journal.js';
import { OverdueMessages } from './infrastructure/outbound/overdue-messages.js';
import { PostSlots } from './infrastructure/outbound/post-slots.js';
import { SqlSpeakingNumbers } from './infrastructure/outbound/sql-speaking-numbers.js';
import { RedriveGivenUpMessage } from './infrastructure/outbound/given-up-message.redrive.js';
import { SendQueueDrain } from './infrastructure/outbound/send-queue.drain.js';
import { SendQueue } from './infrastructure/outbound/send-queue.js';
import { Settlements } from './infrastructure/outbound/settlements.js';
import { SqlOutgoingMessages } from './infrastructure/outbound/sql-outgoing-messages.js';
import { WhatsAppReadReceipts } from './infrastructure/outbound/whatsapp-read-receipts.js';

/** Messages out: the queue, the lanes that drain it, and what becomes of each attempt. */
@Module({
  imports: [
    DiscoveryModule,
    LanesModule.forKinds(SEND_QUEUE),
    DeadLettersModule,
    FollowersModule,
    AccountsModule,
    InboundModule,
    MediaBooksModule,
  ],
  controllers: [MessagesController],
  providers: [
    EnqueueMessageHandler,
    EnqueueMessagesHandler,
    SendMessageHandler,
    CancelMessageHandler,
    ResendMessageHandler,
    FindReadyNumberHandler,
    FindMessageHandler,
    FollowedMessagesHandler,
    ListMessagesHandler,
    { provide: OutgoingMessages, useClass: SqlOutgoingMessages },
    { provide: SpeakingNumbers, useClass: SqlSpeakingNumbers },
    { provide: MessageComposers, useClass: DiscoveredComposer },
    ScheduledMessages,
    { provide: OutgoingPlacers, useClass: DiscoveredPlacer },
    { provide: ReadReceipts, useClass: WhatsAppReadReceipts },
    OutgoingFiles,
    SendQueue,
    Settlements,
    OverdueMessages,
    PostSlots,
    OutboundJournal,
    OutboundDepth,
    SendQueueDrain,
    RedriveGivenUpMessage,
  ],
  exports: [ReadReceipts],
})
export class OutboundModule {}

import { Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { CustomersModule } from '../customers/index.js';
import { MessagingModule } from '../messaging/index.js';
import { Answers } from './application/answers.js';
import { GiveBackToAutomationHandler } from './application/give-back-to-automation.js';
import { HandToPeopleHandler } from './application/hand-to-people.js';
import { HearConsent } from './application/hear-consent.js';
import { CheckCurrentDue } from './application/intents/check-current-due.js';
import { CurrentDues } from './application/intents/current-due.js';
import { Greet } from './application/intents/greet.js';
import { Hint } from './application/intents/hint.js';
import { ConfirmStart, ConfirmStop } from './application/intents/stop.js';
import { Intents } from './application/intents/intents.js';
import { ConversationFlow } from './application/pipeline/conversation-flow.js';
import { ErrorHandler } from './application/pipeline/error-handler.js';
import { InboundPipeline } from './application/pipeline/inbound-pipeline.js';
import { Logging } from './application/pipeline/logging.js';
import { RateLimit } from './application/pipeline/rate-limit.js';
import { SessionKeeping } from './application/pipeline/session.js';
import { StopWhenAPersonAnswers } from './application/pipeline/stop-when-a-person-answers.js';
import { Sessions } from './application/sessions.js';
import { TakeInboundMessages } from './application/take-inbound-messages.js';
import { OpenWindowsHandler } from './application/open-windows.js';
import { RecordOutgoingHandler } from './application/record-outgoing.js';
import { ClearExpiredSessions } from './infrastructure/clear-expired-sessions.js';
import { SqlSessions } from './infrastructure/sql-sessions.js';
import { AnnouncingModule } from './announcing.module.js';
import { EchoesModule } from './echoes.module.js';
import { InboxModule } from './inbox.module.js';
import { MessagesModule } from './messages.module.js';
import { NotificationsModule } from './notifications.module.js';
import { ConversationsRealtimeModule } from './realtime.module.js';
import { ThreadsModule } from './threads.module.js';

const middlewares = [Logging, RateLimit, StopWhenAPersonAnswers, SessionKeeping, ConversationFlow, ErrorHandler];
const intents = [ConfirmStop, ConfirmStart, Greet, CheckCurrentDue, Hint];

/** The shared inbox, the inbound pipeline, sessions, the menu. */
@Module({
  imports: [
    DiscoveryModule,
    CustomersModule,
    MessagingModule,
    ThreadsModule,
    EchoesModule,
    InboxModule,
    MessagesModule,
    NotificationsModule,
    AnnouncingModule,
    ConversationsRealtimeModule,
  ],
  providers: [
    TakeInboundMessages,
    InboundPipeline,
    ...middlewares,
    Intents,
    ...intents,
    CurrentDues,
    Answers,
    HearConsent,
    HandToPeopleHandler,
    GiveBackToAutomationHandler,
    OpenWindowsHandler,
    RecordOutgoingHandler,
    ClearExpiredSessions,
    { provide: Sessions, useClass: SqlSessions },
  ],
})
export class ConversationsModule {}

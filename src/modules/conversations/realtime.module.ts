import { Module } from '@nestjs/common';
import { EventLog } from './application/events/event-log.js';
import { ListEventsHandler } from './application/events/list-events.js';
import { Presence } from './application/presence/presence.js';
import { TypeInConversationHandler } from './application/presence/type-in-conversation.js';
import { ViewConversationHandler } from './application/presence/view-conversation.js';
import { ViewersOfHandler } from './application/presence/viewers-of.js';
import { EventsController } from './infrastructure/events/events.controller.js';
import { SqlEventLog } from './infrastructure/events/sql-event-log.js';
import { ClearLostViewers } from './infrastructure/presence/clear-lost-viewers.js';
import { SqlPresence } from './infrastructure/presence/sql-presence.js';
import { AccessWatch } from './infrastructure/realtime/access-watch.js';
import { EventSource } from './infrastructure/realtime/event-source.js';
import { InboxGateway } from './infrastructure/realtime/inbox.gateway.js';
import { LiveSockets } from './infrastructure/realtime/live-sockets.js';
import { OpenConversations } from './infrastructure/realtime/open-conversations.js';
import { SocketDoor } from './infrastructure/realtime/socket-door.js';
import { ThreadsModule } from './threads.module.js';

/** What happens, as it happens: sockets, who views what, and the event log to catch up by. */
@Module({
  imports: [ThreadsModule],
  controllers: [EventsController],
  providers: [
    ListEventsHandler,
    TypeInConversationHandler,
    ViewConversationHandler,
    ViewersOfHandler,
    ClearLostViewers,
    EventSource,
    LiveSockets,
    OpenConversations,
    SocketDoor,
    InboxGateway,
    AccessWatch,
    { provide: EventLog, useClass: SqlEventLog },
    { provide: Presence, useClass: SqlPresence },
  ],
})
export class ConversationsRealtimeModule {}

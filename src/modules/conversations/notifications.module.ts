import { Module } from '@nestjs/common';
import { LanesModule } from '../../platform/lanes/lanes.module.js';
import { ClosingWindows } from './application/notifications/closing-windows.js';
import { MuteConversationHandler, UnmuteConversationHandler } from './application/notifications/mute-conversation.js';
import { NotificationSummaryHandler } from './application/notifications/notification-summary.js';
import { TellOfClosingWindowsHandler } from './application/notifications/tell-of-closing-windows.js';
import { WINDOW_ALERTS } from './application/notifications/window-alerts-lane.js';
import { NotificationsController } from './infrastructure/notifications/notifications.controller.js';
import { SqlClosingWindows } from './infrastructure/notifications/sql-closing-windows.js';
import { WindowAlertsDrain } from './infrastructure/notifications/window-alerts.drain.js';
import { ThreadsModule } from './threads.module.js';

/** What people are told: windows that close, what is unread, what is muted. */
@Module({
  imports: [ThreadsModule, LanesModule.forKinds(WINDOW_ALERTS)],
  controllers: [NotificationsController],
  providers: [
    NotificationSummaryHandler,
    MuteConversationHandler,
    UnmuteConversationHandler,
    TellOfClosingWindowsHandler,
    WindowAlertsDrain,
    { provide: ClosingWindows, useClass: SqlClosingWindows },
  ],
})
export class NotificationsModule {}

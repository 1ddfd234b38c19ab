/** The public face of conversations: what other modules may use; nothing else is importable. */
export { ConversationsModule } from './conversations.module.js';
export {
  HandlesIntent,
  IntentHandler,
  type IntentPlace,
  type Unanswered,
} from './application/intents/intent-handler.js';
export { OpenWindows } from './application/open-windows.js';
export { type Outgoing, RecordOutgoing } from './application/record-outgoing.js';
export { CurrentDue, ProvidesCurrentDue } from './application/intents/current-due.js';
export {
  InboundMiddleware,
  type Next,
  PipelineMiddleware,
  type PipelinePlace,
} from './application/pipeline/inbound-middleware.js';
export { MessageContext } from './application/pipeline/message-context.js';
export { consentWordIn } from './application/hear-consent.js';
export { HandToPeople, type HandOverReason } from './application/hand-to-people.js';
export { GiveBackToAutomation } from './application/give-back-to-automation.js';
export { FollowsThreads, ThreadFollower } from './application/thread-follower.js';
export { isGreeting } from './domain/greeting.js';
export { Session, SESSION_MS } from './domain/session.js';
export { serviceWindow, type ServiceWindow } from './domain/service-window.js';

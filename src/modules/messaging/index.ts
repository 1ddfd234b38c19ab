/** The public face of messaging: what other modules may use; nothing else is importable. */
export { MessagingModule } from './messaging.module.js';
export { EnqueueMessage, EnqueueMessages } from './application/outbound/enqueue-message.js';
export { CancelMessage } from './application/outbound/cancel-message.js';
export type { EnqueuedMessage, MessageOrder, SentStep } from './application/outbound/message-order.js';
export {
  type FollowedMessage,
  type FollowedMove,
  type Following,
  FollowsMessages,
  MessageFollower,
  type MessageToRelease,
  NOBODY_ANSWERS,
  type Release,
} from './application/outbound/message-follower.js';
export { FollowedMessages } from './application/outbound/followed-messages.js';
export {
  MessageWatcher,
  type MovedMessage,
  type QueuedMessage,
  type ReportedMessage,
  WatchesMessages,
} from './application/outbound/message-watcher.js';
export { GuardsMessages, MessageGuard, type MessageToGuard } from './application/outbound/message-guard.js';
export { CheckMarketing } from './application/marketing/check-marketing.js';
export { StoppedMarketing } from './application/marketing/stopped-marketing.js';
export { MARKETING_STOPPED, MarketingStopped } from './domain/marketing-stopped.js';
export { ChangeConsumer, ConsumesChanges } from './application/changes/change-consumer.js';
export type { ChangeSource, ProviderChange } from './application/changes/provider-change.js';
export {
  type AdmittedOutgoing,
  type LeavingMessage,
  type OpenedConversation,
  OutgoingPlacer,
  type OutgoingToPlace,
  type PlacedOutgoing,
  PlacesOutgoing,
} from './application/outbound/outgoing-placer.js';
export {
  type ComposedMessage,
  ComposesMessages,
  FlowTemplateNotFound,
  MessageComposer,
  type StepToCompose,
} from './application/outbound/message-composer.js';
export { shownMessages } from './application/outbound/scheduled-messages.js';
export { FindReadyNumber } from './application/outbound/find-ready-number.js';
export { MessageNotCancellable, type OutboundState, type SendFailure } from './domain/outbound-message.js';
export { KeepMediaOfMessage } from './application/media/keep-media-of-message.js';
export { MediaOfMessages } from './application/media/media-of-messages.js';
export { KnownFiles, SendableFiles } from './application/media/sendable-files.js';
export { LinkNotPublic, MediaNotFound, MediaNotSendable } from './domain/media-errors.js';
export type { MediaView } from './application/media/media-view.js';
export { MessageKeyUsed } from './application/outbound/send-message.js';
export { IsBusinessKey } from './infrastructure/outbound/business-key.js';
export { readReference, readTemplate, TemplateDto } from './infrastructure/outbound/messages.dto.js';
export { ReadReceipts } from './application/outbound/read-receipts.js';
export { ConsumesInbound, InboundConsumer } from './application/inbound/inbound-consumer.js';
export type { InboundBody, InboundMessage, SenderIdentity } from './application/inbound/inbound-message.js';
export type * from './domain/message-content.js';
export { checkContent, ContentRefused } from './domain/content-limits.js';
export type { MessageCategory } from './domain/message-category.js';
export { automaticKey } from './domain/message-key.js';
export type { Recipient } from './domain/recipient.js';
export { CheckTemplate } from './application/templates/check-template.js';
export { KnownTemplates, TemplatesOfMerchant, TemplatesOfNumber } from './application/templates/known-templates.js';
export { FindTemplate } from './application/templates/find-template.js';
export type { TemplateView } from './application/templates/template-view.js';
export { UsableTemplates, type UsableTemplate } from './application/templates/usable-templates.js';
export { TemplateRefused } from './domain/templates/template-errors.js';
export { TemplateChanged, TemplateRecategorised } from './domain/templates/template-events.js';
export { type RenderedTemplate, renderTemplate } from './domain/templates/render-template.js';
export {
  type KnownPhoneMessage,
  MEDIA_PLACEHOLDER,
  type PhoneMessage,
  PhoneMessages,
} from './application/changes/phone-messages.js';

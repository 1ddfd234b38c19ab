import { DiscoveryService } from '@nestjs/core';
import { DomainError } from '../../../../kernel/domain-error.js';
import type { MessageContent } from '../../domain/message-content.js';

/** A step of the merchant's flow that a program wants sent (S2.49). */
export interface StepToCompose {
  readonly templateKey: string;
  /** Values that the program gives; they come before what is known of the customer. */
  readonly variables: Readonly<Record<string, string>>;
  /** Whom it is for: the conversation, and who has it. */
  readonly threadId: string;
  readonly contactId: string;
}

export interface ComposedMessage {
  readonly content: MessageContent;
  /** It is queued to leave at once, or leaves now: the conversation stands at the step from then on (S2.29). In the same transaction. */
  accepted(): Promise<void>;
}

/**
 * Who keeps flows makes a message of a step: the one provider with `@ComposesMessages()`. Runs in the transaction that queues the message,
 * which may be a lane's: statements through `UnitOfWork.sql`, no HTTP.
 */
export abstract class MessageComposer {
  /** @throws FlowTemplateNotFound, and with kind `meaning` what else keeps it from being sent: it is inactive, a variable has no value */
  abstract compose(step: StepToCompose): Promise<ComposedMessage>;
}

/** Marks the `MessageComposer`. */
export const ComposesMessages = DiscoveryService.createDecorator();

/** Finds whoever composes messages; the module of flows is not known here. */
export abstract class MessageComposers {
  abstract find(): MessageComposer | undefined;
}

export class FlowTemplateNotFound extends DomainError {
  readonly code = 'FLOW_TEMPLATE_NOT_FOUND';
  readonly kind = 'meaning';
  constructor(readonly templateKey: string) {
    super(`There is no flow template "${templateKey}".`);
  }
}

import { DiscoveryService } from '@nestjs/core';
import type { MessageContext } from './message-context.js';

/** Goes on to the next step of the pipeline; resolves when all steps behind it are done. */
export type Next = () => Promise<void>;

/**
 * A step that every customer's message takes (S3.3). It goes on with `next()`, or ends the message's way by not calling it.
 * All steps run in the message's one transaction: state through `UnitOfWork`, answers through `context.reply`, no HTTP.
 */
export abstract class InboundMiddleware {
  abstract handle(context: MessageContext, next: Next): Promise<void>;
}

export interface PipelinePlace {
  /**
   * Steps run in ascending order. The house's own: Logging 50, RateLimit 100, AnswerByRule 150, StopWhenAPersonAnswers 200, Session 300,
   * FlowEngine 900, ConversationFlow 1000, ErrorHandler 9999.
   */
  readonly order: number;
  /** `line`, unless said: behind those of lower order. `around`: encloses the whole line, whatever its order (C6). */
  readonly stands?: 'line' | 'around';
}

/** Marks an `InboundMiddleware` with its place; a module adds one by providing it in its own module file. */
export const PipelineMiddleware = DiscoveryService.createDecorator<PipelinePlace>();

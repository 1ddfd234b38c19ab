import { Injectable } from '@nestjs/common';
import { TEXTS } from '../../domain/texts.js';
import { Intents } from '../intents/intents.js';
import { InboundMiddleware, type Next, PipelineMiddleware } from './inbound-middleware.js';
import type { MessageContext } from './message-context.js';

/** Finds the intent of a message and has it answered (S3.12, S0.67). The same tap on the same message is answered once (S0.62, C58). */
@Injectable()
@PipelineMiddleware({ order: 1000 })
export class ConversationFlow extends InboundMiddleware {
  constructor(private readonly intents: Intents) {
    super();
  }

  async handle(context: MessageContext, next: Next): Promise<void> {
    const tap = tapOf(context);
    if (tap && context.session.hasAnswered(tap)) context.outcome = 'repeated-tap';
    else await this.#answer(context);
    if (tap && context.answers > 0) context.session.noteAnswered(tap);
    await next();
  }

  async #answer(context: MessageContext): Promise<void> {
    const intent = this.intents.recognize(context);
    if (!intent) return;
    const isLate =
      context.message.body.type === 'tap' &&
      (intent.tapsExpire ?? 'with-menu') === 'with-menu' &&
      !context.session.menuIsOpenAt(context.writtenAt);
    context.outcome = isLate ? 'timed-out' : intent.name;
    if (isLate) await context.reply({ type: 'text', body: TEXTS.timedOut });
    else await intent.handler.answer(context);
  }
}

/** What was tapped on which message; undefined when Meta does not say on which. */
function tapOf({ message: { body, contextWamid } }: MessageContext): string | undefined {
  return body.type === 'tap' && contextWamid ? `${contextWamid}/${body.id}` : undefined;
}

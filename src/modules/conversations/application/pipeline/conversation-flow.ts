import { Injectable } from '@nestjs/common';
import { TEXTS } from '../../domain/texts.js';
import { type Intent, Intents } from '../intents/intents.js';
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
    for (const intent of this.intents.recognize(context)) if (await this.#answer(context, intent)) break;
    await next();
  }

  /** @returns whether the message was the intent's */
  async #answer(context: MessageContext, intent: Intent): Promise<boolean> {
    const { session } = context;
    const isLate = expiresWithMenu(context, intent) && !session.menuIsOpenAt(context.writtenAt);
    const tap = tapOf(context, isLate);
    if (tap && session.hasAnswered(tap)) {
      context.outcome = 'repeated-tap';
      return true;
    }
    const before = context.outcome;
    context.outcome = isLate ? 'timed-out' : intent.name;
    const unanswered = isLate ? await sayTooLate(context) : await intent.handler.answer(context);
    if (unanswered === 'left') context.outcome = before;
    else if (unanswered === undefined && tap) session.noteAnswered(tap);
    return unanswered !== 'left';
  }
}

async function sayTooLate(context: MessageContext): Promise<undefined> {
  await context.reply({ type: 'text', body: TEXTS.timedOut });
}

function expiresWithMenu({ message: { body } }: MessageContext, { tapsExpire = 'with-menu' }: Intent): boolean {
  return body.type === 'tap' && tapsExpire === 'with-menu';
}

/** What was tapped on which message; undefined when Meta does not say on which. A tap that was answered in time may still be told that it is late. */
function tapOf({ message: { body, contextWamid } }: MessageContext, isLate: boolean): string | undefined {
  return body.type === 'tap' && contextWamid ? `${isLate ? 'late ' : ''}${contextWamid}/${body.id}` : undefined;
}

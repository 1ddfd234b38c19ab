import { Injectable } from '@nestjs/common';
import { InboundMiddleware, type Next, PipelineMiddleware } from './inbound-middleware.js';
import type { MessageContext } from './message-context.js';

/**
 * The bot is silent while a person is at it, from the inbox or from the phone (F12). A tap on a template's button answers the template, not
 * the person: it goes on. A step before this one may have found that the customer wants automation back. STOP and START count all the same; they are heard before any step.
 */
@Injectable()
@PipelineMiddleware({ order: 200 })
export class StopWhenAPersonAnswers extends InboundMiddleware {
  async handle(context: MessageContext, next: Next): Promise<void> {
    const { body } = context.message;
    if (context.isSilent && !(body.type === 'tap' && body.source === 'template')) {
      context.outcome = 'person';
      return;
    }
    await next();
  }
}

import { Injectable } from '@nestjs/common';
import { Config } from '../../../../platform/config/config.js';
import { Session } from '../../domain/session.js';
import { Sessions } from '../sessions.js';
import { InboundMiddleware, type Next, PipelineMiddleware } from './inbound-middleware.js';
import type { MessageContext } from './message-context.js';

/** Gets or begins the thread's session, and saves what the steps behind it made of it (S3.11, S0.81). */
@Injectable()
@PipelineMiddleware({ order: 300 })
export class SessionKeeping extends InboundMiddleware {
  constructor(
    private readonly sessions: Sessions,
    private readonly config: Config,
  ) {
    super();
  }

  async handle(context: MessageContext, next: Next): Promise<void> {
    const { thread, writtenAt, now } = context;
    const session = (await this.sessions.find(thread.id, now)) ?? Session.begin(thread.id, now);
    session.touch(writtenAt, now, this.config.WHATSAPP_SESSION_TTL_MS);
    context.openSession(session);
    await next();
    await this.sessions.save(session);
  }
}

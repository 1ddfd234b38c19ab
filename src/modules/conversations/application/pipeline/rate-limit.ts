import { Injectable } from '@nestjs/common';
import { TenantScope } from '../../../../platform/database/tenant-scope.js';
import { TokenBuckets } from '../../../../platform/rate-limiting/token-buckets.js';
import { notice, take } from '../../domain/automation-allowance.js';
import { TEXTS } from '../../domain/texts.js';
import { Threads } from '../threads.js';
import { InboundMiddleware, type Next, PipelineMiddleware } from './inbound-middleware.js';
import type { MessageContext } from './message-context.js';

const PER_MINUTE = { tenant: 1000, everybody: 10_000 };

/**
 * Limits what automation answers, never what is stored (S3.40-S3.44, C37): a customer's writing by the time of the messages, exactly;
 * the tenant's and everybody's by token buckets. Whoever goes without an answer is told so once a minute, if they asked for one.
 */
@Injectable()
@PipelineMiddleware({ order: 100 })
export class RateLimit extends InboundMiddleware {
  constructor(
    private readonly threads: Threads,
    private readonly buckets: TokenBuckets,
    private readonly scope: TenantScope,
  ) {
    super();
  }

  async handle(context: MessageContext, next: Next): Promise<void> {
    const { thread, writtenAt } = context;
    const taken = take(thread.allowance, writtenAt);
    if (!taken) return this.#withhold(context, TEXTS.tooFast);
    const { allowed } = await this.buckets.take([
      perMinute(`automation:tenant:${this.scope.tenantId}`, PER_MINUTE.tenant),
      perMinute('automation:everybody', PER_MINUTE.everybody),
    ]);
    if (!allowed) return this.#withhold(context, TEXTS.tooBusy);
    await this.threads.saveAllowance(thread.id, taken);
    await next();
  }

  async #withhold(context: MessageContext, text: string): Promise<void> {
    context.outcome = 'rate-limited';
    const told = notice(context.thread.allowance, context.writtenAt);
    if (!told || !asksForAnAnswer(context)) return;
    await this.threads.saveAllowance(context.thread.id, told);
    await context.reply({ type: 'text', body: text });
  }
}

/** An album of thirty pictures asks for nothing: nobody is told off for it. */
function asksForAnAnswer({ message: { body } }: MessageContext): boolean {
  return body.type === 'text' || body.type === 'tap' || body.type === 'form' || body.type === 'order';
}

function perMinute(key: string, capacity: number): { key: string; capacity: number; refillPerSecond: number } {
  return { key, capacity, refillPerSecond: capacity / 60 };
}

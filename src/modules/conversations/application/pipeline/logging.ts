import { Injectable, Logger } from '@nestjs/common';
import { Metrics } from '../../../../platform/metrics/metrics.js';
import { InboundMiddleware, type Next, PipelineMiddleware } from './inbound-middleware.js';
import type { MessageContext } from './message-context.js';

/** One line and one count a message (S3.9): what came, what took it, how long it took. Never what was written. */
@Injectable()
@PipelineMiddleware({ order: 50 })
export class Logging extends InboundMiddleware {
  readonly #logger = new Logger('Pipeline');
  readonly #messages;
  readonly #seconds;

  constructor(metrics: Metrics) {
    super();
    this.#messages = metrics.counter('pipeline_messages_total', "Customers' messages by type and by what took them", [
      'type',
      'outcome',
    ]);
    this.#seconds = metrics.histogram('pipeline_seconds', "Time that a customer's message spends in the pipeline");
  }

  async handle(context: MessageContext, next: Next): Promise<void> {
    const started = performance.now();
    const { type } = context.message.body;
    try {
      await next();
    } catch (error) {
      context.outcome = 'fault';
      throw error;
    } finally {
      const milliseconds = performance.now() - started;
      this.#messages.inc({ type, outcome: context.outcome });
      this.#seconds.observe(milliseconds / 1000);
      this.#logger.log(
        `${type} on thread ${context.thread.id}: ${context.outcome}, ${context.answers} answer(s), ${Math.round(milliseconds)} ms`,
      );
    }
  }
}

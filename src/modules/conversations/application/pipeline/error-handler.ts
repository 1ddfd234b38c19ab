import { Injectable, Logger } from '@nestjs/common';
import { DomainError } from '../../../../kernel/domain-error.js';
import { isTransient, isUnavailable } from '../../../../platform/database/database-errors.js';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';
import { Metrics } from '../../../../platform/metrics/metrics.js';
import { TEXTS } from '../../domain/texts.js';
import { InboundMiddleware, type Next, PipelineMiddleware } from './inbound-middleware.js';
import type { MessageContext } from './message-context.js';

/** What is done about a failure (S3.50). `later`: the message's lane runs it again, with backoff. */
export type FailureCategory = 'rate-limit' | 'validation' | 'later' | 'unknown';

export function categorize(error: unknown): FailureCategory {
  if (isTransient(error) || isUnavailable(error)) return 'later';
  if (!(error instanceof DomainError)) return 'unknown';
  switch (error.kind) {
    case 'rate':
      return 'rate-limit';
    case 'provider':
    case 'unavailable':
      return 'later';
    case 'invalid':
    case 'meaning':
      return 'validation';
    default:
      return 'unknown';
  }
}

const APOLOGY = { 'rate-limit': TEXTS.tooBusy, validation: TEXTS.notUsable, unknown: TEXTS.failed };

/**
 * The error boundary (C6): a step that fails costs the customer an answer, never their message. All that the steps did is undone to the
 * savepoint; the thread and the message stay.
 */
@Injectable()
@PipelineMiddleware({ order: 9999, stands: 'around' })
export class ErrorHandler extends InboundMiddleware {
  readonly #logger = new Logger('Pipeline');
  readonly #failures;

  constructor(
    private readonly unitOfWork: UnitOfWork,
    metrics: Metrics,
  ) {
    super();
    this.#failures = metrics.counter(
      'pipeline_failures_total',
      'Messages that a step of the pipeline failed on, by category',
      ['category'],
    );
  }

  async handle(context: MessageContext, next: Next): Promise<void> {
    await this.unitOfWork.sql.query('savepoint automation');
    try {
      await next();
    } catch (error) {
      const category = categorize(error);
      this.#failures.inc({ category });
      if (category === 'later') throw error;
      await this.unitOfWork.sql.query('rollback to savepoint automation');
      context.forgetAnswers();
      context.outcome = category;
      const report = `Message on thread ${context.thread.id} failed (${category}): ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
      if (category === 'unknown') this.#logger.error(report);
      else this.#logger.warn(report);
      await context.reply({ type: 'text', body: APOLOGY[category] });
    }
  }
}

import { Global, Module } from '@nestjs/common';
import { APP_FILTER, APP_INTERCEPTOR, APP_PIPE } from '@nestjs/core';
import { HttpLimits } from '../rate-limiting/http-limits.js';
import { RequestLimits } from './request-limits.js';
import { Idempotency } from './idempotency.js';
import { ProblemFilter } from './problem-filter.js';
import { PruneStoredAnswers } from './prune-stored-answers.js';
import { RequestContext } from './request-context.js';
import { RequestWatch } from './request-watch.js';
import { StoredAnswers } from './stored-answers.js';
import { validationPipe } from './validation.js';

/** What every route has in common: limits, then idempotency, then validation; and problem documents for whatever is thrown. */
@Global()
@Module({
  providers: [
    RequestContext,
    RequestWatch,
    HttpLimits,
    StoredAnswers,
    PruneStoredAnswers,
    { provide: APP_FILTER, useClass: ProblemFilter },
    { provide: APP_PIPE, useFactory: validationPipe },
    { provide: APP_INTERCEPTOR, useClass: RequestLimits },
    { provide: APP_INTERCEPTOR, useClass: Idempotency },
  ],
  exports: [RequestContext, RequestWatch, HttpLimits],
})
export class HttpModule {}

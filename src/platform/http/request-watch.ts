import { Injectable, Logger } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Metrics } from '../metrics/metrics.js';
import { HttpLimits } from '../rate-limiting/http-limits.js';
import type { RequestFacts } from './request-context.js';

/** Webhooks, health, metrics, the sandbox's clock. */
const QUIET = /^\/(?:whatsapp\/|health(?:\/|$)|metrics$|sandbox\/)/;

/** Watches requests come and go: the limit by address at the door, a log line and a duration at the end. */
@Injectable()
export class RequestWatch {
  readonly #logger = new Logger('Http');
  readonly #durations;

  constructor(
    metrics: Metrics,
    private readonly limits: HttpLimits,
  ) {
    this.#durations = metrics.histogram('http_request_duration_seconds', 'How long requests took, by route.', [
      'method',
      'route',
      'status',
    ]);
  }

  /** Whether machines call the route all day: such a one is neither limited by address nor logged. */
  isQuiet(request: FastifyRequest): boolean {
    return QUIET.test(routeOf(request));
  }

  /** @throws TooManyRequests */
  admit(request: FastifyRequest): Promise<void> {
    return this.limits.admitAddress(request.ip);
  }

  answered(request: FastifyRequest, reply: FastifyReply, facts: RequestFacts): void {
    const route = routeOf(request);
    const { method } = request;
    const status = reply.statusCode;
    const milliseconds = Math.round(reply.elapsedTime * 10) / 10;
    this.#durations.observe({ method, route, status: String(status) }, reply.elapsedTime / 1000);
    if (QUIET.test(route)) return;
    // The route, not the URL: a path or a query may hold a customer's number.
    this.#logger.log({ msg: `${method} ${route} ${status}`, method, route, status, milliseconds, ...facts });
  }
}

/** The pattern that matched; strangers' paths are all one, or they would fill the metrics. */
function routeOf(request: FastifyRequest): string {
  return request.routeOptions.url ?? 'unmatched';
}

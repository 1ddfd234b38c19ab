import { Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { createHash, timingSafeEqual } from 'node:crypto';
import { DomainError } from '../../../../kernel/domain-error.js';
import { Config } from '../../../../platform/config/config.js';
import { toProblem } from '../../../../platform/http/problem.js';
import { Metrics } from '../../../../platform/metrics/metrics.js';
import { InboxUnavailable, webhookAnswers, WebhookInbox } from './webhook-inbox.js';
import { WebhookSignature } from './webhook-signature.js';

export const WEBHOOK_PATH = '/whatsapp/webhook';
/** The largest body that is taken; Meta's own limit is 3 MB. */
const BODY_LIMIT = 4_000_000 - 1;

export class InvalidSignature extends DomainError {
  readonly code = 'INVALID_SIGNATURE';
  readonly kind = 'unauthenticated';
  constructor() {
    super('Invalid signature');
  }
}

export class VerificationRefused extends DomainError {
  readonly code = 'VERIFICATION_REFUSED';
  readonly kind = 'forbidden';
  constructor() {
    super('hub.verify_token is not the one that is configured.');
  }
}

class WebhooksNotStored extends DomainError {
  readonly code = 'DATABASE_UNAVAILABLE';
  readonly kind = 'unavailable';
  readonly retryAfterMs = 1000;
  constructor() {
    super('The webhook could not be stored. Send it again.');
  }
}

/**
 * Meta's door: verification and webhooks (S0.55, S2.57-S2.60, C7, C8). A bare Fastify route that keeps the body as bytes and is free
 * of guards, pipes and interceptors: it is the busiest route of the house (performance.md).
 */
@Injectable()
export class WebhookRoute implements OnModuleInit {
  readonly #signature: WebhookSignature;
  readonly #verifyToken: Buffer;
  readonly #refused;

  constructor(
    private readonly host: HttpAdapterHost,
    private readonly config: Config,
    private readonly inbox: WebhookInbox,
    metrics: Metrics,
  ) {
    this.#signature = new WebhookSignature([config.META_APP_SECRET, ...(config.META_APP_SECRET_PREVIOUS ? [config.META_APP_SECRET_PREVIOUS] : [])]);
    this.#verifyToken = digest(config.WHATSAPP_VERIFY_TOKEN);
    this.#refused = webhookAnswers(metrics).labels('refused');
  }

  onModuleInit(): void {
    if (!this.config.servesHttp || !this.host.httpAdapter) return;
    const server = this.host.httpAdapter.getInstance<FastifyInstance>();
    void server.register((scope, _options, done) => {
      scope.removeAllContentTypeParsers();
      scope.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: BODY_LIMIT }, (_request, body, parsed) => parsed(null, body));
      scope.setErrorHandler((error, _request, reply) => sendProblem(reply, error));
      scope.get(WEBHOOK_PATH, (request, reply) => this.#verify(request, reply));
      scope.post(WEBHOOK_PATH, { bodyLimit: BODY_LIMIT }, (request, reply) => this.#receive(request, reply));
      done();
    });
  }

  #verify(request: FastifyRequest, reply: FastifyReply): FastifyReply {
    const query = request.query as Record<string, unknown>;
    const { 'hub.mode': mode, 'hub.verify_token': token, 'hub.challenge': challenge } = query;
    const known = typeof token === 'string' && timingSafeEqual(digest(token), this.#verifyToken);
    if (!known || mode !== 'subscribe' || typeof challenge !== 'string') throw new VerificationRefused();
    return reply.type('text/plain; charset=utf-8').send(challenge);
  }

  async #receive(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const body = Buffer.isBuffer(request.body) ? request.body : EMPTY;
    if (!this.#signature.covers(body, request.headers['x-hub-signature-256'])) {
      this.#refused.inc();
      throw new InvalidSignature();
    }
    try {
      await this.inbox.store(body);
    } catch (error) {
      throw error instanceof InboxUnavailable ? new WebhooksNotStored() : error;
    }
    return reply.code(200).send();
  }
}

const EMPTY = Buffer.alloc(0);

function digest(value: string): Buffer {
  return createHash('sha256').update(value).digest();
}

function sendProblem(reply: FastifyReply, error: unknown): FastifyReply {
  const problem = toProblem(error);
  if (problem.retryAfter !== undefined) void reply.header('retry-after', String(problem.retryAfter));
  return reply.code(problem.status).type('application/problem+json; charset=utf-8').send(JSON.stringify(problem));
}

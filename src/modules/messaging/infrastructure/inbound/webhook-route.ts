import { Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { createHash, timingSafeEqual } from 'node:crypto';
import { DomainError } from '../../../../kernel/domain-error.js';
import { Config } from '../../../../platform/config/config.js';
import { toProblem } from '../../../../platform/http/problem.js';
import { DescribesRoutes } from '../../../../platform/http/openapi-document.js';
import { BODY_LIMIT, WEBHOOK_PATH, WebhookDoor } from './webhook-door.js';
import { WEBHOOK_ROUTES } from './webhook-description.js';

export class VerificationRefused extends DomainError {
  readonly code = 'VERIFICATION_REFUSED';
  readonly kind = 'forbidden';
  constructor() {
    super('hub.verify_token is not the one that is configured.');
  }
}

/** Verification and webhooks (S0.55, C8) as a bare Fastify route: the body stays bytes, whatever it says that it is. */
@Injectable()
@DescribesRoutes(WEBHOOK_ROUTES)
export class WebhookRoute implements OnModuleInit {
  readonly #verifyToken: Buffer;

  constructor(
    private readonly host: HttpAdapterHost,
    private readonly config: Config,
    private readonly door: WebhookDoor,
  ) {
    this.#verifyToken = digest(config.WHATSAPP_VERIFY_TOKEN);
  }

  onModuleInit(): void {
    if (!this.config.servesHttp || !this.host.httpAdapter) return;
    const server = this.host.httpAdapter.getInstance<FastifyInstance>();
    void server.register((scope, _options, done) => {
      scope.removeAllContentTypeParsers();
      scope.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: BODY_LIMIT }, (_request, body, parsed) =>
        parsed(null, body),
      );
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
    await this.door.admit(
      Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0),
      request.headers['x-hub-signature-256'],
    );
    return reply.code(200).send();
  }
}

function digest(value: string): Buffer {
  return createHash('sha256').update(value).digest();
}

function sendProblem(reply: FastifyReply, error: unknown): FastifyReply {
  const problem = toProblem(error);
  if (problem.retryAfter !== undefined) void reply.header('retry-after', String(problem.retryAfter));
  return reply.code(problem.status).type('application/problem+json; charset=utf-8').send(JSON.stringify(problem));
}

import { Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { Config } from '../../../../platform/config/config.js';
import { toProblem } from '../../../../platform/http/problem.js';
import { BODY_LIMIT, WEBHOOK_PATH, WebhookDoor } from './webhook-door.js';

const SANE_REQUEST_ID = /^[\w.:-]{1,128}$/;

/**
 * Takes webhooks from the HTTP server before the framework sees them: half of the cost of a webhook is the framework's (bench/ingest).
 * Only those as Meta posts them, with a length that may be; whatever else comes to this path goes on to `WebhookRoute`.
 */
@Injectable()
export class WebhookFastPath implements OnModuleInit {
  constructor(
    private readonly host: HttpAdapterHost,
    private readonly config: Config,
    private readonly door: WebhookDoor,
  ) {}

  onModuleInit(): void {
    if (!this.config.servesHttp || !this.host.httpAdapter) return;
    const server = this.host.httpAdapter.getHttpServer() as Server;
    const framework = server.listeners('request') as ((request: IncomingMessage, response: ServerResponse) => void)[];
    server.removeAllListeners('request');
    server.on('request', (request, response) => {
      if (isPlainWebhook(request)) this.#receive(request, response);
      else framework.forEach((listener) => listener.call(server, request, response));
    });
  }

  #receive(request: IncomingMessage, response: ServerResponse): void {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    // Meta hung up: it comes again.
    request.on('error', () => undefined);
    request.on('end', () => {
      const body = chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
      this.door.admit(body, request.headers['x-hub-signature-256']).then(
        () => response.writeHead(200, { 'x-request-id': requestIdOf(request), 'content-length': 0 }).end(),
        (error: unknown) => sendProblem(request, response, error),
      );
    });
  }
}

function isPlainWebhook({ method, url, headers }: IncomingMessage): boolean {
  if (method !== 'POST' || url !== WEBHOOK_PATH || headers.expect !== undefined) return false;
  const length = headers['content-length'];
  return length !== undefined && Number(length) <= BODY_LIMIT;
}

function requestIdOf({ headers }: IncomingMessage): string {
  const given = headers['x-request-id'];
  return typeof given === 'string' && SANE_REQUEST_ID.test(given) ? given : randomUUID();
}

function sendProblem(request: IncomingMessage, response: ServerResponse, error: unknown): void {
  const requestId = requestIdOf(request);
  const problem = { ...toProblem(error), requestId };
  const body = JSON.stringify(problem);
  response
    .writeHead(problem.status, {
      'content-type': 'application/problem+json; charset=utf-8',
      'content-length': Buffer.byteLength(body),
      'x-request-id': requestId,
      ...(problem.retryAfter !== undefined && { 'retry-after': String(problem.retryAfter) }),
    })
    .end(body);
}

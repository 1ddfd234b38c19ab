import type { DynamicModule, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Config } from '../config/config.js';
import { HttpLimits } from '../rate-limiting/http-limits.js';
import { AppLogger } from '../logging/app-logger.js';
import { keepBodyLimits } from './body-limits.js';
import { fastifyAdapter } from './fastify-adapter.js';
import { serveOpenApi } from './openapi-document.js';
import { RequestContext, type RequestFacts } from './request-context.js';
import { RequestWatch } from './request-watch.js';
import { SocketAdapter } from './socket-adapter.js';
import { acceptStream, endSlowBodies } from './streamed-bodies.js';

/** The one way to create the application: for main.ts, for tests (which give `configureHttp` their own), for the OpenAPI document. */
export async function createApplication(module: Type | DynamicModule, config: Config): Promise<NestFastifyApplication> {
  const app = await NestFactory.create<NestFastifyApplication>(module, fastifyAdapter(config), APPLICATION_OPTIONS);
  app.useLogger(app.get(AppLogger));
  configureHttp(app);
  return app;
}

/** Nest's own body parsers would take forms and plain text too. */
export const APPLICATION_OPTIONS = { bodyParser: false, bufferLogs: true } as const;

/** Makes the server speak as contract 3 says. Called between the creation of the application and its `init` or `listen`. */
export function configureHttp(app: NestFastifyApplication): void {
  const server = app.getHttpAdapter().getInstance();
  const context = app.get(RequestContext);
  const watch = app.get(RequestWatch);
  const config = app.get(Config);
  keepBodyLimits(server);
  acceptJsonOnly(server);
  acceptStream(server, 'text/csv');
  acceptStream(server, 'multipart/form-data');
  endSlowBodies(server);
  if (!config.servesHttp) tellOfHealthOnly(server);

  server.addHook('onRequest', (request, reply, done) => {
    setHeaders(request, reply);
    if (watch.isQuiet(request)) done();
    else watch.admit(request).then(() => done(), done);
  });
  // The body is read in the socket's asynchronous context, so the request's own is opened after it.
  server.addHook('preValidation', (request, _reply, done) => context.run(factsOf(request), done));
  server.addHook('onResponse', (request, reply, done) => {
    watch.answered(request, reply, factsOf(request));
    done();
  });
  app.useWebSocketAdapter(new SocketAdapter(app.getHttpServer(), app.get(HttpLimits), config));
  serveOpenApi(app);
}

/** A worker's port is for supervisors and Prometheus; people and Meta go to the API. */
function tellOfHealthOnly(server: FastifyInstance): void {
  server.addHook('onRequest', (request, reply, done) => {
    if (/^\/(?:health(?:\/|$)|metrics$)/.test(request.url)) done();
    else void reply.code(404).send();
  });
}

const facts = new WeakMap<FastifyRequest, RequestFacts>();

function factsOf(request: FastifyRequest): RequestFacts {
  const known = facts.get(request) ?? { requestId: request.id };
  facts.set(request, known);
  return known;
}

/** An empty body is no body, whatever its type: clients send `application/json` with a bare POST. */
function acceptJsonOnly(server: FastifyInstance): void {
  server.removeAllContentTypeParsers();
  const parse = server.getDefaultJsonParser('error', 'error');
  server.addContentTypeParser(
    /^application\/(?:[\w.-]+\+)?json(?:;|$)/,
    { parseAs: 'string' },
    (request, body, done) => {
      if (body === '') done(null, undefined);
      else void parse(request, body as string, done);
    },
  );
}

/** Nothing of an API's answer is to be rendered, framed or loaded elsewhere. */
const HEADERS = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
};
/** Swagger UI brings its own scripts and styles, some of them inline. */
const DOCS_LOAD =
  "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'";

function setHeaders(request: FastifyRequest, reply: FastifyReply): void {
  const { url } = request;
  void reply.headers(HEADERS).header('x-request-id', request.id);
  if (url.startsWith('/v1/')) void reply.header('cache-control', 'no-store');
  if (url === '/docs' || url.startsWith('/docs/')) void reply.header('content-security-policy', DOCS_LOAD);
  if (request.protocol === 'https') void reply.header('strict-transport-security', 'max-age=31536000');
}

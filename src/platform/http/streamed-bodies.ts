import type { FastifyInstance, FastifyRequest } from 'fastify';
import { RouteConfig } from '@nestjs/platform-fastify';
import { Socket } from 'node:net';

/** How long a body may take, in milliseconds. */
export interface BodyPatience {
  /** From its first byte to its last. */
  readonly whole: number;
  /** Of a streamed one, which may be long: between two parts, and between two parts of the answer. */
  readonly silence: number;
}

const PATIENCE: BodyPatience = { whole: 30_000, silence: 60_000 };

interface RouteFacts {
  readonly streams?: string;
}

/** Marks a route that takes a body of this media type as a stream, of any length: it reads `request.body` itself. */
export function TakesStream(mediaType: string): MethodDecorator {
  return RouteConfig({ streams: mediaType } satisfies RouteFacts);
}

/** Opens a media type for the routes that take it as a stream, and for no other. */
export function acceptStream(server: FastifyInstance, mediaType: string): void {
  server.addContentTypeParser(mediaType, (request, payload, done) => {
    if (streamedBy(request) === mediaType) done(null, payload);
    else done(Object.assign(new Error(), { statusCode: 415, code: 'FST_ERR_CTP_INVALID_MEDIA_TYPE' }), undefined);
  });
}

/** Ends requests whose body does not come. One that trickles in holds a socket, not a connection to the database; it is ended all the same. */
export function endSlowBodies(server: FastifyInstance, patience = PATIENCE): void {
  server.addHook('preParsing', (request, _reply, payload, done) => {
    if (hasBody(request)) watch(request, patience);
    done(null, payload);
  });
}

function hasBody({ raw: { headers } }: FastifyRequest): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

function watch(request: FastifyRequest, patience: BodyPatience): void {
  const { socket } = request.raw;
  // A request that was injected has no connection that could be slow.
  if (!(socket instanceof Socket)) return;
  if (streamedBy(request)) {
    socket.setTimeout(patience.silence);
    return;
  }
  const deadline = setTimeout(() => end(socket), patience.whole).unref();
  for (const over of ['end', 'close']) request.raw.once(over, () => clearTimeout(deadline));
}

function streamedBy(request: FastifyRequest): string | undefined {
  return (request.routeOptions.config as RouteFacts).streams;
}

function end(socket: Socket): void {
  socket.end('HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n\r\n');
  socket.destroySoon();
}

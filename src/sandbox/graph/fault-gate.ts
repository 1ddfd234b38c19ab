import { Injectable } from '@nestjs/common';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type Fault, Faults, type FaultSubject } from '../faults.js';
import { GraphError } from '../graph-error.js';
import { newTraceId } from '../ids.js';
import { objectOf, textOf } from '../json-input.js';
import { RealTime } from '../real-time.js';
import { AnswerWatch } from './answer-watch.js';

const HANG_MS = 60_000;
const HTML =
  '<!DOCTYPE html><html><head><title>Error</title></head><body><h1>Sorry, something went wrong.</h1></body></html>';
const ACCEPTED_LOOKALIKE =
  '{"messaging_product":"whatsapp","contacts":[{"input":"15550000000","wa_id":"15550000000"}],"messages":[{"id":"wamid.';

/** Stands between the network and the Graph controllers and spoils what a fault strikes, before or after acceptance. */
@Injectable()
export class FaultGate {
  constructor(
    private readonly faults: Faults,
    private readonly watch: AnswerWatch,
    private readonly realTime: RealTime,
  ) {}

  install(server: FastifyInstance): void {
    server.addHook('preHandler', (request, reply, done) => {
      if (!this.faults.isEmpty && isGraph(request)) this.beforeAcceptance(request, reply, done);
      else done();
    });
    server.addHook('onSend', (request, reply, payload, done) => {
      const fault = this.watch.faultOf(request.raw);
      if (fault) this.afterAcceptance(fault, request, reply, payload, done);
      else done(null, payload);
    });
  }

  private beforeAcceptance(request: FastifyRequest, reply: FastifyReply, done: () => void): void {
    const fault = this.faults.strikeGraph(subjectOf(request));
    if (!fault) return done();
    if (acceptsFirst(fault)) {
      this.watch.strike(request.raw, fault);
      return done();
    }
    switch (fault.kind) {
      case 'graph-error':
        return void reply.code(graphErrorOf(fault).status).send(graphErrorOf(fault).body(newTraceId()));
      case 'http-status':
        return void reply
          .code(statusOf(fault))
          .type('text/html')
          .send(textOf(fault.options['body']) ?? HTML);
      case 'timeout':
        reply.hijack();
        return this.hang(request);
      case 'truncated':
        reply.hijack();
        return truncate(request, reply, ACCEPTED_LOOKALIKE);
      case 'invalid-json':
        return void reply.code(200).type('application/json').send(HTML);
      default:
        reply.hijack();
        reset(request);
    }
  }

  private afterAcceptance(
    fault: Fault,
    request: FastifyRequest,
    reply: FastifyReply,
    payload: unknown,
    done: (error: null, payload: unknown) => void,
  ): void {
    this.watch.forget(request.raw);
    switch (fault.kind) {
      case 'slow':
        return this.realTime.after(Number(fault.options['delayMs'] ?? 2_000), () => done(null, payload));
      case 'timeout':
        this.watch.answered(request.raw);
        return this.hang(request);
      case 'truncated':
        return truncate(request, reply, typeof payload === 'string' ? payload : ACCEPTED_LOOKALIKE);
      case 'reset-after-accept':
        return reset(request);
      case 'http-status':
        reply.code(statusOf(fault)).type('text/html');
        return done(null, textOf(fault.options['body']) ?? HTML);
      case 'invalid-json':
        return done(null, HTML);
      default:
        return done(null, payload);
    }
  }

  private hang(request: FastifyRequest): void {
    this.realTime.unawaitedAfter(HANG_MS, () => request.raw.socket.destroy());
  }
}

/** The refusal that a `graph-error` fault stands for. */
export function graphErrorOf({ options }: Fault): GraphError {
  return new GraphError(Number(options['code']), textOf(options['details']) ?? 'Injected by the sandbox.', {
    ...(options['status'] === undefined ? {} : { status: Number(options['status']) }),
    ...(options['subcode'] === undefined ? {} : { subcode: Number(options['subcode']) }),
  });
}

/** Whether the request is handled as if nothing were, and only its answer spoilt. */
function acceptsFirst({ kind, options }: Fault): boolean {
  if (kind === 'reset-before-accept') return false;
  if (kind === 'graph-error') return options['via'] === 'status';
  return options['accepts'] === undefined ? kind !== 'http-status' : options['accepts'] === true;
}

function statusOf({ options }: Fault): number {
  return Number(options['status'] ?? 503);
}

function isGraph(request: FastifyRequest): boolean {
  return !/^\/sandbox(\/|\?|$)/.test(request.url);
}

function subjectOf(request: FastifyRequest): FaultSubject {
  const path = request.url.split('?', 1)[0] ?? '';
  const phoneNumberId = /^\/(\d+)\//.exec(path)?.[1];
  const body = objectOf(request.body);
  const isSend = request.method === 'POST' && path.endsWith('/messages') && body['status'] === undefined;
  const type = textOf(body['status']) ?? textOf(body['type']) ?? 'text';
  return {
    path: `${request.method} ${path}`,
    phoneNumberId,
    isSend,
    types: [type],
    to: textOf(body['to'])?.replace(/^\+/, '') ?? textOf(body['recipient']),
  };
}

function reset(request: FastifyRequest): void {
  request.raw.socket.resetAndDestroy();
}

function truncate(request: FastifyRequest, reply: FastifyReply, payload: string): void {
  reply.raw.writeHead(200, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(payload) + 40,
  });
  reply.raw.write(payload.slice(0, Math.ceil(payload.length / 2)), () => request.raw.socket.destroy());
}

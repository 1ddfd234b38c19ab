import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, Logger } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { GraphError } from './graph-error.js';
import { newTraceId } from './ids.js';

/** Turns what was thrown into Meta's envelope on Graph paths and into problem details on `/sandbox` paths. */
@Catch()
export class AnswerErrors implements ExceptionFilter {
  private readonly log = new Logger('Sandbox');

  catch(error: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    if (!(error instanceof GraphError) && !(error instanceof HttpException) && !isRefusedBody(error))
      this.log.error(error);
    if (request.url.startsWith('/sandbox')) this.answerProblem(error, reply);
    else answerGraph(error, request, reply);
  }

  private answerProblem(error: unknown, reply: FastifyReply): void {
    const status =
      error instanceof HttpException
        ? error.getStatus()
        : error instanceof GraphError || isRefusedBody(error)
          ? 400
          : 500;
    const detail =
      error instanceof GraphError
        ? error.details
        : error instanceof Error && status < 500
          ? error.message
          : 'Internal error';
    void reply
      .code(status)
      .type('application/problem+json')
      .send(JSON.stringify({ type: 'about:blank', title: detail, status, detail }));
  }
}

/** Answers a Graph request with the error in Meta's envelope. */
export function answerGraph(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  const refusal = error instanceof GraphError ? error : graphErrorFor(error, request);
  const trace = newTraceId();
  void reply
    .code(refusal.status)
    .header('x-fb-trace-id', trace)
    .header(
      'www-authenticate',
      `OAuth "Facebook Platform" "${refusal.options.type ?? 'OAuthException'}" "${refusal.code}"`,
    )
    .send(refusal.body(trace));
}

function graphErrorFor(error: unknown, request: FastifyRequest): GraphError {
  if (error instanceof HttpException && error.getStatus() === 404) {
    const title = `Unknown path components: ${request.url.split('?', 1)[0] ?? ''}`;
    return new GraphError(2500, title, { title, status: 400 });
  }
  if (isRefusedBody(error)) return new GraphError(100, error.message);
  return new GraphError(1, 'An unknown error occurred', { status: 500 });
}

/** Errors of Fastify about the request itself: size, content type, syntax. */
function isRefusedBody(error: unknown): error is Error & { statusCode: number } {
  return (
    error instanceof Error && 'statusCode' in error && typeof error.statusCode === 'number' && error.statusCode < 500
  );
}

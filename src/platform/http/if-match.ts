import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { ApiHeader } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { InvalidRequest } from './problem.js';

/**
 * The version that whoever changes something has seen, from `If-Match: "5"`; undefined: he did not say, or said `*`. Who compares it does so
 * where nobody else can write, and answers 409 with the version as it is.
 */
export const SeenVersion = createParamDecorator(
  (_: unknown, context: ExecutionContext): number | undefined =>
    versionIn(context.switchToHttp().getRequest<FastifyRequest>().headers['if-match']),
  [describe],
);

function versionIn(header: string | undefined): number | undefined {
  if (header === undefined || header === '*') return undefined;
  const [, version] = /^"?(\d{1,9})"?$/.exec(header) ?? [];
  if (version === undefined)
    throw new InvalidRequest([{ path: 'If-Match', message: 'If-Match must be one version: "5"' }]);
  return Number(version);
}

function describe(controller: object, method: string | symbol | undefined): void {
  ApiHeader({
    name: 'If-Match',
    required: false,
    description:
      'The `version` that you have seen: when there is another by now nothing is changed, and the answer is 409.',
    schema: { type: 'string' },
    example: '"5"',
  })(controller, method!, Object.getOwnPropertyDescriptor(controller, method!)!);
}

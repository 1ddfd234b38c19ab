import { Controller, Get, Header, Req } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { createHash, timingSafeEqual } from 'node:crypto';
import { DomainError } from '../../kernel/domain-error.js';
import { Public } from '../auth/index.js';
import { Config } from '../config/config.js';
import { Metrics } from './metrics.js';

export class MetricsAreNotPublic extends DomainError {
  readonly code = 'UNAUTHENTICATED';
  readonly kind = 'unauthenticated';
  constructor() {
    super('Metrics are open on the machine itself; from elsewhere give the platform key as bearer token.');
  }
}

/** `GET /metrics` (contract 4). Counts hold nobody's data, but tell a stranger how large the business is. */
@ApiTags('Operations')
@Controller('metrics')
@Public()
export class MetricsController {
  constructor(
    private readonly metrics: Metrics,
    private readonly config: Config,
  ) {}

  @Get()
  @ApiOperation({ summary: 'The numbers of this process, for Prometheus' })
  @ApiBearerAuth()
  @ApiProduces('text/plain')
  @ApiOkResponse({ schema: { type: 'string' } })
  @Header('content-type', 'text/plain; version=0.0.4; charset=utf-8')
  read(@Req() request: FastifyRequest): Promise<string> {
    if (!isLocal(request) && !this.#isOperator(request)) throw new MetricsAreNotPublic();
    return this.metrics.registry.metrics();
  }

  #isOperator({ headers: { authorization = '' } }: FastifyRequest): boolean {
    const digest = (value: string): Buffer => createHash('sha256').update(value).digest();
    return timingSafeEqual(digest(authorization), digest(`Bearer ${this.config.PLATFORM_KEY}`));
  }
}

/** A proxy on the same machine is local, those behind it are not. */
function isLocal({ ip, headers }: FastifyRequest): boolean {
  const isForwarded = headers['x-forwarded-for'] !== undefined || headers.forwarded !== undefined;
  return !isForwarded && /^(?:127\.|::1$|::ffff:127\.)/.test(ip);
}

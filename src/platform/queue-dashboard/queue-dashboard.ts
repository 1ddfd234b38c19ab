import { createBullBoard } from '@bull-board/api';
import { FastifyAdapter } from '@bull-board/fastify';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DiscoveryService, HttpAdapterHost } from '@nestjs/core';
import { Queue } from 'bullmq';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { createHash, timingSafeEqual } from 'node:crypto';
import { Config } from '../config/config.js';
import { DatabasePools } from '../database/pools.js';
import { Scrubber } from '../logging/scrubber.js';
import { DueWork, TellsWhatIsDue } from './due-work.js';
import { LanesOfKind } from './lanes-of-kind.js';

export const DASHBOARD = '/ops/queues';

/** Its own scripts and styles, nothing from elsewhere. */
const LOADS =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'self'; form-action 'none'; frame-ancestors 'none'";

/**
 * The work that waits, for the operator's browser (contract 4): any user name, the platform key as password. A browser sends that by itself
 * wherever a link leads, so nothing can be changed here: dead letters and messages have routes for it.
 */
@Injectable()
export class QueueDashboard implements OnModuleInit {
  readonly #key: Buffer;

  constructor(
    private readonly discovery: DiscoveryService,
    private readonly pools: DatabasePools,
    private readonly scrubber: Scrubber,
    private readonly host: HttpAdapterHost,
    private readonly config: Config,
  ) {
    this.#key = sha256(config.PLATFORM_KEY);
  }

  /** Routes can be added until the server listens. */
  onModuleInit(): void {
    if (!this.config.servesHttp || !this.host.httpAdapter) return;
    const server = this.host.httpAdapter.getInstance<FastifyInstance>();
    const adapter = new FastifyAdapter();
    adapter.setBasePath(DASHBOARD);
    const dueWork = this.#dueWork();
    createBullBoard({
      queues: this.#queues().map((queue) => new LanesOfKind(queue, this.pools, this.scrubber, dueWork.get(queue.name))),
      serverAdapter: adapter,
      options: { uiConfig: { boardTitle: 'NoDue: work', hideDocsLink: true, showWorkers: false } },
    });
    void server.register(async (scope) => {
      scope.addHook('onRequest', (request, reply) => this.#admit(request, reply));
      await scope.register(adapter.registerPlugin(), { prefix: DASHBOARD });
    });
  }

  #queues(): Queue[] {
    const queues = this.discovery
      .getProviders()
      .map(({ instance }) => instance as unknown)
      .filter((instance): instance is Queue => instance instanceof Queue);
    return [...new Map(queues.map((queue) => [queue.name, queue])).values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  #dueWork(): ReadonlyMap<string, DueWork> {
    return new Map(
      this.discovery.getProviders().flatMap((wrapper) => {
        const kind = this.discovery.getMetadataByDecorator(TellsWhatIsDue, wrapper);
        return kind && wrapper.instance instanceof DueWork ? [[kind, wrapper.instance] as const] : [];
      }),
    );
  }

  async #admit(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    void reply.headers({ 'cache-control': 'no-store', 'content-security-policy': LOADS });
    if (!this.#isOperator(request.headers.authorization)) {
      void reply.header('www-authenticate', 'Basic realm="NoDue", charset="UTF-8"');
      await reply.code(401).type('text/plain').send('Give any user name and the platform key as password.\n');
    } else if (request.method !== 'GET' && request.method !== 'HEAD') {
      await reply.code(405).header('allow', 'GET, HEAD').type('text/plain').send('The dashboard changes nothing.\n');
    }
  }

  #isOperator(authorization = ''): boolean {
    const [, basic] = /^Basic +([A-Za-z0-9+/=]+)$/i.exec(authorization) ?? [];
    const [, bearer] = /^Bearer +(.+)$/i.exec(authorization) ?? [];
    const credentials = Buffer.from(basic ?? '', 'base64').toString();
    const given = bearer ?? credentials.slice(credentials.indexOf(':') + 1);
    return timingSafeEqual(sha256(given), this.#key);
  }
}

function sha256(value: string): Buffer {
  return createHash('sha256').update(value).digest();
}

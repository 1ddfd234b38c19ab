import { getQueueToken } from '@nestjs/bullmq';
import { Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { DiscoveryService, ModuleRef } from '@nestjs/core';
import { Worker } from 'bullmq';
import { Config } from '../config/config.js';
import { TenantScope } from '../database/tenant-scope.js';
import { UnitOfWork } from '../database/unit-of-work.js';
import { PLATFORM } from '../../kernel/ids.js';
import { Clock } from '../../kernel/clock.js';
import { queueOptions, workerConnection } from '../queue/queue.module.js';
import { LaneDrain, DrainsLane } from './lane-drain.js';
import { LaneLoop } from './lane-loop.js';
import { LaneTable } from './lane-table.js';

const STOP_WITHIN_MS = 15_000;

/** Runs a loop and a BullMQ worker for each lane kind that a module drains (only where ROLE works). */
@Injectable()
export class LaneEngine implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #logger = new Logger(LaneEngine.name);
  readonly #loops = new Map<string, LaneLoop>();
  readonly #workers: Worker[] = [];

  constructor(
    private readonly config: Config,
    private readonly discovery: DiscoveryService,
    private readonly modules: ModuleRef,
    private readonly table: LaneTable,
    private readonly scope: TenantScope,
    private readonly unitOfWork: UnitOfWork,
    private readonly clock: Clock,
  ) {}

  onApplicationBootstrap(): void {
    if (!this.config.works) return;
    for (const { kind, drain } of this.#drains()) {
      this.modules.get(getQueueToken(kind), { strict: false });
      const loop = new LaneLoop(kind, this.table, this.clock, drain.concurrency, (lane, signal) =>
        this.unitOfWork.inBackground(() =>
          this.scope.run(lane.tenantId ?? PLATFORM, () => drain.drain({ key: lane.key, tenantId: lane.tenantId, deaths: lane.deaths, signal })),
        ),
      );
      this.#loops.set(kind, loop);
      loop.start();
      this.#workers.push(this.#listen(kind, loop));
    }
  }

  /** Lanes being drained in this process, by kind. */
  get inFlight(): ReadonlyMap<string, number> {
    return new Map([...this.#loops].map(([kind, loop]) => [kind, loop.inFlight]));
  }

  /** Claims nothing more, lets what is on the wire settle, and gives its lanes back (reliability 2.12). */
  async beforeApplicationShutdown(): Promise<void> {
    const stopped = Promise.allSettled([...[...this.#loops.values()].map((loop) => loop.stop()), ...this.#workers.map((worker) => worker.close())]);
    await Promise.race([stopped, new Promise((resolve) => setTimeout(resolve, STOP_WITHIN_MS).unref())]);
  }

  #drains(): { kind: string; drain: LaneDrain }[] {
    return this.discovery
      .getProviders()
      .map((wrapper) => ({ kind: this.discovery.getMetadataByDecorator(DrainsLane, wrapper), drain: wrapper.instance as LaneDrain }))
      .filter((found): found is { kind: string; drain: LaneDrain } => found.kind !== undefined);
  }

  #listen(kind: string, loop: LaneLoop): Worker {
    const worker = new Worker(kind, () => loop.pokeWhenRoom(), {
      ...queueOptions(this.config),
      connection: workerConnection(this.config),
      concurrency: 1,
      maxStalledCount: 1_000,
    });
    worker.on('error', (error) => this.#logger.warn(`Wake-ups of ${kind} are disturbed, the sweep goes on: ${error.message}`));
    return worker;
  }
}

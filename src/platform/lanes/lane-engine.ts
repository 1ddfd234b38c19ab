import { getQueueToken } from '@nestjs/bullmq';
import { Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { DiscoveryService, ModuleRef } from '@nestjs/core';
import { VirtualClock } from '../clock/virtual-clock.js';
import { Config } from '../config/config.js';
import { DatabasePools } from '../database/pools.js';
import { TenantScope } from '../database/tenant-scope.js';
import { UnitOfWork } from '../database/unit-of-work.js';
import { PLATFORM } from '../../kernel/ids.js';
import { Clock } from '../../kernel/clock.js';
import { LaneDrain, DrainsLane } from './lane-drain.js';
import { LaneLoop } from './lane-loop.js';
import { LaneTable } from './lane-table.js';
import { WakeUps } from './wake-ups.js';

const STOP_WITHIN_MS = 15_000;

/** Runs a loop and a BullMQ worker for each lane kind that a module drains (only where ROLE works). */
@Injectable()
export class LaneEngine implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #loops = new Map<string, LaneLoop>();
  readonly #wakeUps: WakeUps[] = [];

  constructor(
    private readonly config: Config,
    private readonly pools: DatabasePools,
    private readonly discovery: DiscoveryService,
    private readonly modules: ModuleRef,
    private readonly table: LaneTable,
    private readonly scope: TenantScope,
    private readonly unitOfWork: UnitOfWork,
    private readonly clock: Clock,
  ) {}

  onApplicationBootstrap(): void {
    const drains = this.#drains();
    if (this.clock instanceof VirtualClock) {
      this.clock.passOver(drains.filter(({ drain }) => drain.isUpkeep).map(({ kind }) => kind));
      this.clock.whenMoved(() => this.#loops.forEach((loop) => loop.poke()));
    }
    if (!this.config.works) return;
    for (const { kind, drain } of drains) {
      this.modules.get(getQueueToken(kind), { strict: false });
      const loop = new LaneLoop(kind, this.table, this.clock, drain, async (lane, signal) => {
        if (this.clock instanceof VirtualClock) await this.clock.catchUp();
        return this.unitOfWork.inBackground(() =>
          this.scope.run(lane.tenantId ?? PLATFORM, () =>
            drain.drain({ key: lane.key, tenantId: lane.tenantId, deaths: lane.deaths, signal }),
          ),
        );
      });
      this.#loops.set(kind, loop);
      loop.start();
      const wakeUps = new WakeUps(this.config, this.pools, kind, () => loop.pokeWhenRoom());
      this.#wakeUps.push(wakeUps);
      wakeUps.start();
    }
  }

  /** Lanes being drained in this process, by kind. */
  get inFlight(): ReadonlyMap<string, number> {
    return new Map([...this.#loops].map(([kind, loop]) => [kind, loop.inFlight]));
  }

  /** Drains of this process that ended with an error, by kind; each kind that it drains is there. */
  get failures(): ReadonlyMap<string, number> {
    return new Map([...this.#loops].map(([kind, loop]) => [kind, loop.failures]));
  }

  /** Claims nothing more, lets what is on the wire settle, and gives its lanes back (reliability 2.12). */
  async beforeApplicationShutdown(): Promise<void> {
    const stopped = Promise.allSettled([
      ...[...this.#loops.values()].map((loop) => loop.stop()),
      ...this.#wakeUps.map((wakeUps) => wakeUps.stop()),
    ]);
    await Promise.race([stopped, new Promise((resolve) => setTimeout(resolve, STOP_WITHIN_MS).unref())]);
  }

  #drains(): { kind: string; drain: LaneDrain }[] {
    return this.discovery
      .getProviders()
      .map((wrapper) => ({
        kind: this.discovery.getMetadataByDecorator(DrainsLane, wrapper),
        drain: wrapper.instance as LaneDrain,
      }))
      .filter((found): found is { kind: string; drain: LaneDrain } => found.kind !== undefined);
  }
}

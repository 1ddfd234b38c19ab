import { Injectable } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { type DuePlanner, type PlannedReminder, PlansDues } from '../due-planner.js';

/** Asks the planner of dues, if there is one. */
@Injectable()
export class DuePlans {
  constructor(private readonly discovery: DiscoveryService) {}

  async plan(dueIds: readonly string[]): Promise<ReadonlyMap<string, readonly PlannedReminder[]>> {
    if (dueIds.length === 0) return new Map();
    const planner = this.discovery.getProviders({ metadataKey: PlansDues.KEY })[0]?.instance as DuePlanner | undefined;
    return (await planner?.plan(dueIds)) ?? new Map<string, readonly PlannedReminder[]>();
  }
}

import { createHash } from 'node:crypto';

export const OUTBOX_LANE = 'outbox';

/** Seconds until the next try after the n-th failure; one try more, and the event is given up. */
export const OUTBOX_BACKOFF: readonly number[] = [1, 5, 30, 120];

const SHARDS = 4;

/** One aggregate's events always share a lane, so they are delivered in order; a tenant has a few lanes, so it is not one queue. */
export function laneKeyOf(tenantId: string, aggregateId: string): string {
  return `${tenantId}:${shardOf(aggregateId)}`;
}

export function shardOf(aggregateId: string): number {
  return createHash('sha1').update(aggregateId).digest()[0]! % SHARDS;
}

export function shardOfLane(key: string): number {
  return Number(key.slice(key.lastIndexOf(':') + 1));
}

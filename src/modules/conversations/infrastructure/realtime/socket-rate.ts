import type { Socket } from 'socket.io';
import { type BucketRate, full, refill } from '../../../../platform/rate-limiting/token-bucket.js';
import { acknowledge } from './acknowledge-problem.js';

/** What one socket may say. A person types and clicks; who says more is told so. */
const RATE: BucketRate = { capacity: 30, refillPerSecond: 10 };

/** Drops what comes faster than a person acts, and says so where an answer is expected. */
export function limitRate(socket: Socket): void {
  let level = full(RATE, performance.now());
  socket.use((packet, next) => {
    level = refill(level, RATE, performance.now());
    if (level.tokens < 1) return acknowledge(packet, { error: { code: 'RATE_LIMITED', detail: 'Too many events.' } });
    level = { ...level, tokens: level.tokens - 1 };
    next();
  });
}

import type { CallVerdict } from './breaker.js';
import type { SendOutcome } from './send-outcome.js';

/**
 * What a send told about the health of the other side (C38, reliability 2.9): faults of the way and of the provider count, an
 * answer does not, whatever it says: a host that throttles or refuses is alive.
 */
export function healthToldBy(outcome: SendOutcome): CallVerdict {
  switch (outcome.kind) {
    case 'not-sent':
    case 'unknown':
      return 'failing';
    case 'deferred':
      return 'untried';
    default:
      return 'healthy';
  }
}

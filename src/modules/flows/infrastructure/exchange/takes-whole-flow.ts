import { TakesBytes } from '../../../../platform/http/body-limits.js';
import { FLOW_LIMITS } from '../../domain/lint/step-limits.js';

/** What stands beside the flow in a request: messages of a trial, say. */
const BESIDE = 500_000;

/** Marks a route that takes all that may be kept, though a client escaped each character of it (`\u0915` for three bytes, or for two). */
export function TakesWholeFlow(): MethodDecorator {
  return TakesBytes(3 * FLOW_LIMITS.bytes + BESIDE);
}

import CircuitBreaker from 'opossum';
import type { Clock } from '../../../../kernel/clock.js';
import {
  admits,
  begin,
  type Breaker,
  type BreakerLimits,
  type CallVerdict,
  CLOSED,
  conclude,
  isPristine,
  reset,
  restTimeElapsed,
} from '../../domain/breaker.js';
import { healthToldBy } from '../../domain/provider-health.js';
import type { SendOutcome } from '../../domain/send-outcome.js';
import type { BreakerSettings } from './breaker-settings.js';

type Send = () => Promise<SendOutcome>;

/**
 * The breaker of one scope: the domain's state machine decides, opossum keeps the time and lets the probes through.
 *
 * opossum counts percentages in a time window and closes after one success; C38 wants five failures in a row and two successes.
 * So it never opens by itself (100 %), and what it closes too early the state machine still holds half open.
 * Its own timeout is off: the client's deadline does the same and knows, besides, whether the request had been written.
 */
export class ScopeBreaker {
  #state: Breaker = CLOSED;
  #running = 0;
  #openedAt = 0;
  #circuit: CircuitBreaker<[Send], SendOutcome> | undefined;

  constructor(
    private readonly limits: BreakerLimits,
    private readonly settings: BreakerSettings,
    private readonly clock: Clock,
    private readonly changed: (phase: Breaker['phase']) => void,
  ) {}

  get state(): Breaker {
    return this.#state;
  }

  /** Nothing to remember and nothing under way: it may be dropped. */
  get isIdle(): boolean {
    return this.#running === 0 && isPristine(this.#state);
  }

  /** Calls, or answers `deferred` when the breaker is open. `witness` is the number that calls. */
  async run(witness: string, send: Send): Promise<SendOutcome> {
    if (!admits(this.#state)) return { kind: 'deferred', retryAt: this.retryAt() };
    const { era } = this.#state;
    this.#state = begin(this.#state);
    this.#running++;
    let verdict: CallVerdict = 'untried';
    try {
      const outcome = await (this.#circuit ? probe(this.#circuit, send) : send());
      verdict = healthToldBy(outcome);
      return outcome;
    } finally {
      this.#running--;
      this.#become(conclude(this.#state, era, verdict, witness, this.limits));
    }
  }

  /** When a call may be tried again, not all at the same instant. */
  retryAt(): Date {
    const wait =
      this.#state.phase === 'open'
        ? Math.max(0, this.#openedAt + this.settings.resetAfter - performance.now())
        : this.settings.probeWait;
    return new Date(
      this.clock.now().getTime() + wait + (0.05 + 0.15 * Math.random()) * Math.max(wait, this.settings.probeWait),
    );
  }

  reset(): void {
    this.#become(reset(this.#state));
  }

  shutdown(): void {
    this.#circuit?.shutdown();
    this.#circuit = undefined;
  }

  #become(next: Breaker): void {
    const before = this.#state;
    this.#state = next;
    if (next.phase === before.phase) return;
    if (next.phase === 'open') {
      this.#openedAt = performance.now();
      this.#circuit ??= this.#newCircuit();
      this.#circuit.open();
    } else if (next.phase === 'closed') {
      this.shutdown();
    }
    this.changed(next.phase);
  }

  #newCircuit(): CircuitBreaker<[Send], SendOutcome> {
    const circuit = new CircuitBreaker(throwingFaults, {
      resetTimeout: this.settings.resetAfter,
      errorThresholdPercentage: 100,
      timeout: false,
      rollingPercentilesEnabled: false,
      enableSnapshots: false,
    });
    circuit.on('halfOpen', () => this.#become(restTimeElapsed(this.#state)));
    return circuit;
  }
}

/** An outcome that opossum has to see as a failure. */
class Fault extends Error {
  constructor(readonly outcome: SendOutcome) {
    super(outcome.kind);
  }
}

async function throwingFaults(send: Send): Promise<SendOutcome> {
  const outcome = await send();
  if (healthToldBy(outcome) === 'failing') throw new Fault(outcome);
  return outcome;
}

async function probe(circuit: CircuitBreaker<[Send], SendOutcome>, send: Send): Promise<SendOutcome> {
  try {
    return await circuit.fire(send);
  } catch (error) {
    if (error instanceof Fault) return error.outcome;
    throw error;
  }
}

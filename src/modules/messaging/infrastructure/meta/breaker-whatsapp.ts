import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { Clock } from '../../../../kernel/clock.js';
import { Metrics } from '../../../../platform/metrics/metrics.js';
import { type OutgoingMessage, type Sender, WhatsApp } from '../../application/outbound/whatsapp.js';
import type { Breaker } from '../../domain/breaker.js';
import type { SendOutcome } from '../../domain/send-outcome.js';
import { BreakerSettings } from './breaker-settings.js';
import { CredentialBreaker } from './credential-breaker.js';
import { MetaWhatsApp } from './meta-whatsapp.js';
import { ScopeBreaker } from './scope-breaker.js';

export type BreakerScope = 'host' | 'number' | 'credential';

/** A breaker that is not simply closed. */
export interface BreakerView {
  readonly scope: BreakerScope;
  /** The phone number's id, the account's id, or `graph` for the host. */
  readonly key: string;
  readonly state: Breaker['phase'];
  /** Failures in a row, while closed. */
  readonly failures: number;
}

const HOST = 'graph';

/**
 * The WhatsApp port behind breakers (S3.45-S3.48, C38), in this order: the account's credential, the host, the phone number.
 * Breakers live in this process: a number's lane is drained by one process at a time, so its probes are single; the host is probed
 * by each process once. A healthy number has no breaker at all.
 */
@Injectable()
export class BreakerWhatsApp extends WhatsApp implements OnApplicationShutdown {
  readonly #logger = new Logger('Breaker');
  readonly #credentials: CredentialBreaker;
  readonly #host: ScopeBreaker;
  readonly #numbers = new Map<string, ScopeBreaker>();

  constructor(
    private readonly meta: MetaWhatsApp,
    private readonly settings: BreakerSettings,
    private readonly clock: Clock,
    metrics: Metrics,
  ) {
    super();
    metrics.gauge(
      'whatsapp_breakers',
      'WhatsApp breakers of this process that are not closed.',
      ['scope', 'state'],
      (gauge) => {
        gauge.reset();
        for (const { scope, state } of this.list()) if (state !== 'closed') gauge.inc({ scope, state });
      },
    );
    this.#credentials = new CredentialBreaker(settings, clock);
    this.#host = this.#newBreaker('host', HOST, settings.hostWitnesses);
  }

  send(sender: Sender, message: OutgoingMessage, signal?: AbortSignal): Promise<SendOutcome> {
    const number = sender.phoneNumberId;
    const send = (): Promise<SendOutcome> => this.meta.send(sender, message, signal);
    return this.#credentials.run(sender, () => this.#host.run(number, () => this.#throughNumber(number, send)));
  }

  /** Only past closed breakers, and none hears how it went: a receipt that is taken does not tell that messages are. */
  async markAsRead(sender: Sender, wamid: string, show: 'ticks' | 'ticks-and-typing'): Promise<SendOutcome> {
    const troubled = [this.#host, this.#numbers.get(sender.phoneNumberId)].find(
      (breaker) => breaker && breaker.state.phase !== 'closed',
    );
    if (troubled) return { kind: 'deferred', retryAt: troubled.retryAt() };
    return this.#credentials.run(sender, () => this.meta.markAsRead(sender, wamid, show));
  }

  /** The breakers that remember trouble. */
  list(): BreakerView[] {
    const scopes: [BreakerScope, string, Breaker][] = [
      ['host', HOST, this.#host.state],
      ...[...this.#numbers].map(([id, breaker]): [BreakerScope, string, Breaker] => ['number', id, breaker.state]),
    ];
    const views = scopes.map(([scope, key, state]): BreakerView => ({
      scope,
      key,
      state: state.phase,
      failures: state.phase === 'closed' ? state.failures : 0,
    }));
    const refused = this.#credentials
      .refused()
      .map((key): BreakerView => ({ scope: 'credential', key, state: 'open', failures: 0 }));
    return [...views.filter(({ state, failures }) => state !== 'closed' || failures > 0), ...refused];
  }

  /** @returns false when nothing is known of that breaker, or when it is a credential's: only a new token closes that */
  reset(scope: BreakerScope, key: string): boolean {
    const breaker =
      scope === 'host' && key === HOST ? this.#host : scope === 'number' ? this.#numbers.get(key) : undefined;
    breaker?.reset();
    return breaker !== undefined;
  }

  onApplicationShutdown(): void {
    this.#host.shutdown();
    for (const breaker of this.#numbers.values()) breaker.shutdown();
  }

  async #throughNumber(number: string, send: () => Promise<SendOutcome>): Promise<SendOutcome> {
    let breaker = this.#numbers.get(number);
    if (!breaker) this.#numbers.set(number, (breaker = this.#newBreaker('number', number, 1)));
    try {
      return await breaker.run(number, send);
    } finally {
      if (breaker.isIdle) this.#numbers.delete(number);
    }
  }

  #newBreaker(scope: BreakerScope, key: string, witnesses: number): ScopeBreaker {
    const { failures, successes } = this.settings;
    return new ScopeBreaker({ failures, witnesses, successes }, this.settings, this.clock, (phase) =>
      this.#logger.warn(`The ${scope} breaker of ${key} is ${phase}`),
    );
  }
}

import type { Clock } from '../../../../kernel/clock.js';
import type { Sender } from '../../application/outbound/whatsapp.js';
import type { SendOutcome } from '../../domain/send-outcome.js';
import type { BreakerSettings } from './breaker-settings.js';

interface Credential {
  readonly version: number;
  state: 'untested' | 'good' | 'refused';
  /** Ends when the first call with the token has told whether it is good. */
  scout: Promise<unknown> | undefined;
  usedAt: number;
}

/** After so long without a call a token is tested again by one call before many use it. Milliseconds. */
const GOOD_FOR = 60_000;
const SWEEP_ABOVE = 1_000;

/**
 * Stops a token that Meta refused, at once and until it is replaced (reliability 2.9). A token that was not used lately is tried
 * by one call while the others wait for it, so that a dead one costs one POST and not as many as fit on the wire (F25).
 */
export class CredentialBreaker {
  readonly #credentials = new Map<string, Credential>();

  constructor(
    private readonly settings: BreakerSettings,
    private readonly clock: Clock,
  ) {}

  async run(sender: Sender, send: () => Promise<SendOutcome>): Promise<SendOutcome> {
    const credential = this.#credentialOf(sender);
    // Read before the token was replaced: whatever it says is about the old one.
    if (credential.version > sender.credentialVersion) return { kind: 'deferred', retryAt: this.clock.now() };
    if (credential.state === 'untested' && credential.scout) await credential.scout;
    if (credential.state === 'refused') return { kind: 'deferred', retryAt: this.#retryAt() };
    const call = send().then((outcome) => {
      if (outcome.kind === 'credential') credential.state = 'refused';
      else if (TOKEN_WORKED.has(outcome.kind) && credential.state === 'untested') credential.state = 'good';
      credential.usedAt = performance.now();
      return outcome;
    });
    if (credential.state === 'untested')
      credential.scout ??= call.catch(() => undefined).finally(() => (credential.scout = undefined));
    return call;
  }

  /** Accounts whose token was refused. */
  refused(): string[] {
    return [...this.#credentials].filter(([, { state }]) => state === 'refused').map(([accountId]) => accountId);
  }

  #credentialOf({ accountId, credentialVersion: version }: Sender): Credential {
    const known = this.#credentials.get(accountId);
    if (known && known.version >= version && (known.state !== 'good' || performance.now() - known.usedAt < GOOD_FOR))
      return known;
    if (this.#credentials.size >= SWEEP_ABOVE) this.#sweep();
    const fresh: Credential = { version, state: 'untested', scout: undefined, usedAt: performance.now() };
    this.#credentials.set(accountId, fresh);
    return fresh;
  }

  #sweep(): void {
    const now = performance.now();
    for (const [accountId, { state, usedAt }] of this.#credentials)
      if (state !== 'refused' && now - usedAt > GOOD_FOR) this.#credentials.delete(accountId);
  }

  #retryAt(): Date {
    return new Date(this.clock.now().getTime() + this.settings.resetAfter * (1 + 0.2 * Math.random()));
  }
}

const TOKEN_WORKED: ReadonlySet<SendOutcome['kind']> = new Set(['accepted', 'throttled', 'refused']);

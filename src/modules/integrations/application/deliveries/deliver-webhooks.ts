import { Injectable, Logger } from '@nestjs/common';
import { randomInt } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { Clock } from '../../../../kernel/clock.js';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';
import { Metrics } from '../../../../platform/metrics/metrics.js';
import { checkUp, restsUntil } from '../../domain/endpoint-health.js';
import { SigningSecrets } from '../endpoints/signing-secrets.js';
import { type ClaimedDelivery, DeliveryQueue, type HeldEndpoint, type Room } from './delivery-queue.js';
import { PostWebhook } from './post-webhook.js';
import { type EndedAttempt, endingOf, settle } from './settle-attempt.js';
import { TellOfEndpoints } from './tell-of-endpoints.js';

/** POSTs to one endpoint at a time. */
const AT_ONCE = 16;
/** Events that one transaction makes into deliveries. */
const TAKEN = 500;
/** After so long an endpoint lets others have its place, and comes again. */
const TURN_MS = 20_000;
/** While a slow answer is awaited, what else falls due is looked for so often. */
const LOOK_MS = 1000;

/** Deliveries of a removed endpoint that one transaction clears away. */
const CLEARED = 2000;

/** What one transaction leaves to do. */
interface Step {
  readonly url: string;
  readonly secrets: readonly string[];
  readonly claimed: readonly ClaimedDelivery[];
  /** Whether the log may hold more, or there may be more to clear away. */
  readonly more: boolean;
  readonly nextAt: Date | undefined;
}

const NOTHING: Step = { url: '', secrets: [], claimed: [], more: false, nextAt: undefined };

/**
 * Tells one endpoint what happened. Each step is a transaction: what ended is settled, what is new in the log gets its deliveries, what is due
 * is leased; the POSTs are made between them. A death leaves leases, after which the same is told again under the same ids: at least once, never
 * lost, in order within a conversation. While nobody answers, one delivery at a time asks whether somebody does again, with rests between them.
 */
@Injectable()
export class DeliverWebhooks {
  readonly #logger = new Logger(DeliverWebhooks.name);
  readonly #attempts;

  constructor(
    private readonly queue: DeliveryQueue,
    private readonly secrets: SigningSecrets,
    private readonly poster: PostWebhook,
    private readonly tell: TellOfEndpoints,
    private readonly unitOfWork: UnitOfWork,
    private readonly clock: Clock,
    metrics: Metrics,
  ) {
    this.#attempts = metrics.counter(
      'webhooks_out_total',
      "Attempts to tell merchants' systems: delivered, pending (failed, to be tried again), exhausted, cancelled.",
      ['outcome'],
    );
  }

  /** @returns when there is something to do again, if that is known */
  async work(endpointId: string, signal: AbortSignal): Promise<Date | undefined> {
    const wire = new Map<string, Promise<void>>();
    const ended: EndedAttempt[] = [];
    const end = performance.now() + TURN_MS;
    try {
      for (;;) {
        const mayBegin = !signal.aborted && performance.now() < end;
        const step = await this.#step(endpointId, ended.splice(0), wire.size, mayBegin);
        for (const delivery of step.claimed)
          wire.set(
            delivery.id,
            this.#attempt(step, delivery).then((attempt) => {
              ended.push(attempt);
              wire.delete(delivery.id);
            }),
          );
        if (ended.length > 0 || (step.more && mayBegin && wire.size < AT_ONCE)) continue;
        if (wire.size === 0) return step.nextAt;
        await Promise.race([...wire.values(), delay(LOOK_MS, undefined, { ref: false })]);
      }
    } finally {
      // A fault ends the turn; nothing may still be on its way when the lane is given back.
      await Promise.all(wire.values());
    }
  }

  #step(endpointId: string, ended: readonly EndedAttempt[], onWire: number, mayBegin: boolean): Promise<Step> {
    return this.unitOfWork.runSql(async () => {
      const held = await this.queue.hold(endpointId);
      if (!held) return NOTHING;
      if (held.status === 'removed') {
        const more = await this.queue.clear(endpointId, CLEARED);
        return { ...NOTHING, more, nextAt: more ? this.clock.now() : undefined };
      }
      const endpoint = await this.#settle(held, ended);
      if (held.status === 'suspended') return NOTHING;
      const rest = restsUntil(endpoint);
      if (!mayBegin || onWire >= AT_ONCE) return { ...NOTHING, nextAt: await this.queue.nextDue(endpoint, rest) };
      const more = endpoint.status === 'enabled' && (await this.#take(endpoint));
      const claimed = await this.queue.claim(endpointId, this.#room(endpoint, onWire, rest));
      return {
        url: endpoint.url,
        secrets: claimed.length > 0 ? await this.secrets.of(endpointId) : [],
        claimed,
        more,
        nextAt: await this.queue.nextDue(endpoint, rest),
      };
    });
  }

  async #take(endpoint: HeldEndpoint): Promise<boolean> {
    const { more, keys, forgotten } = await this.queue.take(endpoint.id, TAKEN);
    // What is new in a conversation would be tried at once if nothing waited before it: so what waits is.
    if (endpoint.failingSince && keys.length > 0) await this.queue.hurry(endpoint.id, keys);
    if (forgotten > 0) await this.tell.forgotten(endpoint, forgotten);
    return more;
  }

  #room({ status, failingSince }: HeldEndpoint, onWire: number, rest: Date | undefined): Room {
    const room = AT_ONCE - onWire;
    if (status !== 'enabled') return { pings: room, heads: 0 };
    if (!failingSince) return { pings: room, heads: room };
    const isResting = rest !== undefined && rest > this.clock.now();
    return { pings: room, heads: onWire > 0 || isResting ? 0 : 1 };
  }

  async #settle(endpoint: HeldEndpoint, ended: readonly EndedAttempt[]): Promise<HeldEndpoint> {
    if (ended.length === 0) return endpoint;
    const now = this.clock.now();
    const settled = ended.map((attempt) => settle(attempt, now, randomInt(1000) / 1000));
    await this.queue.settle(endpoint.id, settled);
    this.unitOfWork.afterCommit(() => settled.forEach(({ state }) => this.#attempts.inc({ outcome: state })));
    const told = ended.flatMap(({ delivery }) => (delivery.seq === undefined ? [] : delivery.id));
    const exhausted = settled.filter(({ id, state }) => state === 'exhausted' && told.includes(id)).length;
    if (exhausted > 0) await this.tell.exhausted(endpoint, exhausted);
    return this.#checkUp(endpoint, ended, now);
  }

  async #checkUp(endpoint: HeldEndpoint, ended: readonly EndedAttempt[], now: Date): Promise<HeldEndpoint> {
    const endings = ended.flatMap((attempt) => endingOf(attempt, endpoint) ?? []);
    if (endings.length === 0) return endpoint;
    const checkup = checkUp(endpoint, endings, now);
    await this.queue.keep(endpoint.id, checkup);
    if (checkup.isUpAgain) await this.queue.hurry(endpoint.id);
    const checked = {
      ...endpoint,
      succeededAt: checkup.succeededAt,
      failingSince: checkup.failingSince,
      lastFailedAt: checkup.lastFailedAt,
    };
    if (checkup.disabled === undefined || endpoint.status === 'disabled') return checked;
    await this.tell.disabled(endpoint, checkup.disabled);
    return { ...checked, status: 'disabled' };
  }

  /** Never rejects. */
  async #attempt({ url, secrets }: Step, delivery: ClaimedDelivery): Promise<EndedAttempt> {
    const { event } = delivery;
    if (!event) return { delivery, url, answer: undefined, tookMs: 0 };
    const began = performance.now();
    const answer = await this.poster.post(url, event, secrets).catch((error: unknown) => {
      this.#logger.error(`${event.id} not posted: ${error instanceof Error ? error.message : String(error)}`);
      return { kind: 'refused', code: 'NETWORK' } as const;
    });
    return { delivery, url, answer, tookMs: Math.round(performance.now() - began) };
  }
}

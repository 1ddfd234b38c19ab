import { Injectable, Logger } from '@nestjs/common';
import { randomInt } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { Clock } from '../../../../kernel/clock.js';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';
import { Metrics } from '../../../../platform/metrics/metrics.js';
import { checkUp } from '../../domain/endpoint-health.js';
import { SigningSecrets } from '../endpoints/signing-secrets.js';
import { type ClaimedDelivery, DeliveryQueue, type HeldEndpoint } from './delivery-queue.js';
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

/** What one transaction leaves to do. */
interface Step {
  readonly url: string;
  readonly secrets: readonly string[];
  readonly claimed: readonly ClaimedDelivery[];
  /** Whether the log may hold more. */
  readonly more: boolean;
  readonly nextAt: Date | undefined;
}

const NOTHING: Step = { url: '', secrets: [], claimed: [], more: false, nextAt: undefined };

/**
 * Tells one endpoint what happened. Each step is a transaction: what ended is settled, what is new in the log gets its deliveries, what is due
 * is leased; the POSTs are made between them. A death leaves leases, after which the same is told again under the same ids: at least once, never
 * lost, in order within a conversation.
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
        const step = await this.#step(endpointId, ended.splice(0), mayBegin ? AT_ONCE - wire.size : 0);
        for (const delivery of step.claimed)
          wire.set(
            delivery.id,
            this.#attempt(step, delivery).then((attempt) => {
              ended.push(attempt);
              wire.delete(delivery.id);
            }),
          );
        if (ended.length > 0 || (step.more && wire.size < AT_ONCE)) continue;
        if (wire.size === 0) return step.nextAt;
        await Promise.race([...wire.values(), delay(LOOK_MS, undefined, { ref: false })]);
      }
    } finally {
      // A fault ends the turn; nothing may still be on its way when the lane is given back.
      await Promise.all(wire.values());
    }
  }

  #step(endpointId: string, ended: readonly EndedAttempt[], room: number): Promise<Step> {
    return this.unitOfWork.runSql(async () => {
      const held = await this.queue.hold(endpointId);
      if (!held) return NOTHING;
      const endpoint = await this.#settle(held, ended);
      if (room === 0) return { ...NOTHING, nextAt: await this.queue.nextDue(endpoint) };
      const more = endpoint.status === 'enabled' && (await this.queue.take(endpointId, TAKEN));
      const claimed = await this.queue.claim(endpoint, room);
      return {
        url: endpoint.url,
        secrets: claimed.length > 0 ? await this.secrets.of(endpointId) : [],
        claimed,
        more,
        nextAt: await this.queue.nextDue(endpoint),
      };
    });
  }

  async #settle(endpoint: HeldEndpoint, ended: readonly EndedAttempt[]): Promise<HeldEndpoint> {
    if (ended.length === 0) return endpoint;
    const now = this.clock.now();
    const settled = ended.map((attempt) => settle(attempt, now, randomInt(1000) / 1000));
    await this.queue.settle(endpoint.id, settled);
    this.unitOfWork.afterCommit(() => settled.forEach(({ state }) => this.#attempts.inc({ outcome: state })));
    const endings = ended.flatMap((attempt) => endingOf(attempt) ?? []);
    const checkup = checkUp(endpoint, endings, now);
    if (endings.length > 0) await this.queue.keep(endpoint.id, checkup);
    const told = ended.flatMap(({ delivery }) => (delivery.seq === undefined ? [] : delivery.id));
    const exhausted = settled.filter(({ id, state }) => state === 'exhausted' && told.includes(id)).length;
    if (exhausted > 0) await this.tell.exhausted(endpoint, exhausted);
    if (checkup.disabled === undefined || endpoint.status === 'disabled') return endpoint;
    await this.tell.disabled(endpoint, checkup.disabled);
    return { ...endpoint, status: 'disabled' };
  }

  /** Never rejects. */
  async #attempt({ url, secrets }: Step, delivery: ClaimedDelivery): Promise<EndedAttempt> {
    const { event } = delivery;
    if (!event) return { delivery, answer: undefined, tookMs: 0 };
    const began = performance.now();
    const answer = await this.poster.post(url, event, secrets).catch((error: unknown) => {
      this.#logger.error(`${event.id} not posted: ${error instanceof Error ? error.message : String(error)}`);
      return { kind: 'refused', code: 'NETWORK' } as const;
    });
    return { delivery, answer, tookMs: Math.round(performance.now() - began) };
  }
}

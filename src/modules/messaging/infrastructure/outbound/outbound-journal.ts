import { Injectable, Logger } from '@nestjs/common';
import type { Counter, Histogram } from 'prom-client';
import { Clock } from '../../../../kernel/clock.js';
import { Metrics } from '../../../../platform/metrics/metrics.js';
import type { OutboundState, SendFailure } from '../../domain/outbound-message.js';
import type { ClaimedMessage } from './send-queue.js';
import type { SettledAttempt, Written } from './settlements.js';

const WAITS = [0.01, 0.05, 0.1, 0.5, 1, 5, 15, 60, 300, 900, 3600];

/** The states that are told here; the later ones are the provider's to tell. */
const TOLD = [
  'queued',
  'accepted',
  'failed',
  'unknown',
  'parked',
  'cancelled',
  'expired',
] as const satisfies readonly OutboundState[];

/** Tells operators which message moved where: ids and states, never a customer. */
@Injectable()
export class OutboundJournal {
  readonly #logger = new Logger('Outbound');
  readonly #moves: Counter<'state'>;
  readonly #refusals: Counter<'code'>;
  readonly #retries: Counter<'why'>;
  readonly #failed: Counter<'code'>;
  readonly #duplicates: Counter;
  readonly #waits: Histogram;

  constructor(
    metrics: Metrics,
    private readonly clock: Clock,
  ) {
    this.#moves = metrics.counter('outbound_messages_total', 'Outgoing messages by the state that they reached', [
      'state',
    ]);
    // The first message that is parked has to show as growth.
    for (const state of TOLD) this.#moves.inc({ state }, 0);
    this.#refusals = metrics.counter(
      'outbound_refusals_total',
      'Sends that the provider refused, throttled or left unanswered, by code',
      ['code'],
    );
    this.#duplicates = metrics.counter(
      'messages_accepted_twice_total',
      'Attempts that the provider accepted although another attempt of the same message was accepted too.',
    );
    this.#retries = metrics.counter('outbound_retries_total', 'Outgoing messages that are tried again, by why', [
      'why',
    ]);
    this.#failed = metrics.counter(
      'outbound_failed_total',
      'Outgoing messages that were given up, by the code of the refusal',
      ['code'],
    );
    this.#waits = metrics.histogram('outbound_wait_seconds', 'From due to its POST', [], WAITS);
  }

  posting({ dueAt }: ClaimedMessage): void {
    this.#waits.observe(Math.max(0, this.clock.now().getTime() - dueAt.getTime()) / 1000);
  }

  settled({ message, outcome, settlement }: SettledAttempt, { moved, duplicate }: Written): void {
    if ('error' in outcome) this.#refusals.inc({ code: String(outcome.error.code) });
    if (duplicate) {
      this.#duplicates.inc();
      this.#logger.warn(
        `Message ${message.id} was accepted twice: an earlier attempt whose answer was lost had arrived`,
      );
    }
    if (!moved || settlement.attempt === 'undone') return;
    const { failure } = settlement;
    if (settlement.state === 'queued') this.#retries.inc({ why: failure?.class ?? 'unknown' });
    this.moved(message.id, settlement.state, failure);
  }

  moved(messageId: string, state: OutboundState, failure?: SendFailure | null): void {
    this.#moves.inc({ state });
    if (state === 'failed') this.#failed.inc({ code: String(failure?.code ?? 'unknown') });
    this.#logger.log(`Message ${messageId} is ${state}${failure ? `: ${failure.code} ${failure.title}` : ''}`);
  }
}

import { randomInt } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { Injectable, Logger } from '@nestjs/common';
import { Clock } from '../../../../kernel/clock.js';
import type { TenantId } from '../../../../kernel/ids.js';
import { TenantScope } from '../../../../platform/database/tenant-scope.js';
import { DrainsLane, LaneDrain, type LaneTurn } from '../../../../platform/lanes/lane-drain.js';
import { SEND_QUEUE } from '../../application/outbound/send-queue-lane.js';
import { SendHistory } from '../../application/outbound/send-history.js';
import { OutgoingFiles } from '../../application/media/outgoing-files.js';
import { Senders } from '../../application/outbound/senders.js';
import { WhatsApp } from '../../application/outbound/whatsapp.js';
import { AttemptReferences } from '../../domain/attempt-reference.js';
import type { SendFailure } from '../../domain/outbound-message.js';
import { NumberPace } from './number-pace.js';
import { OutboundJournal } from './outbound-journal.js';
import { OverdueMessages } from './overdue-messages.js';
import { PostSlots } from './post-slots.js';
import { SendQueue } from './send-queue.js';
import { SendRun } from './send-run.js';
import { type SettledAttempt, Settlements, type Written } from './settlements.js';

const NO_SUCH_NUMBER: SendFailure = {
  code: 'PHONE_NUMBER_NOT_FOUND',
  class: 'refused',
  title: 'There is no such phone number',
};

/** Outcomes are worth this much patience with the database; after it the claim's lease is about over. */
const WRITE_PATIENCE_MS = 40_000;
const WRITE_AGAIN_MS = 250;

/** How soon a number whose POSTs are slow looks for new messages, when it is the only one that sends. */
const LOOK_AGAIN_MS = 50;

/** The part of the places from which on those that are taken change hands: others wait for one. */
const CROWDED_FROM = 0.75;
/** The part that one merchant may have; its numbers take turns at them. More would send no more: a place sends as much as the wire takes. */
const SHARE_OF_A_TENANT = 0.25;
/** So many numbers that send at a time may each claim as if they were alone. */
const FEW = 8;
/** What a number claims at least: what it claims and cannot send soon, it has to give back. */
const SMALL_CLAIM = 16;

/** Paces above this many are looked through for those that can be forgotten. */
const SWEEP_PACES_ABOVE = 1000;

interface Sent {
  readonly due: Date | undefined;
  readonly isOthersTurn?: boolean;
}

/** Sends what is due from one of a merchant's numbers (architecture 4; reliability 2.5). */
@Injectable()
@DrainsLane(SEND_QUEUE)
export class SendQueueDrain extends LaneDrain {
  readonly concurrency = 64;
  override readonly concurrencyPerTenant = this.concurrency * SHARE_OF_A_TENANT;
  readonly #logger = new Logger('Outbound');
  readonly #paces = new Map<string, NumberPace>();
  #sweepAbove = SWEEP_PACES_ABOVE;
  /** Numbers in the works, by merchant, and how many of them send. */
  readonly #lanes = new Map<TenantId, number>();
  #sending = 0;

  constructor(
    private readonly queue: SendQueue,
    private readonly settlements: Settlements,
    private readonly overdue: OverdueMessages,
    private readonly senders: Senders,
    private readonly whatsapp: WhatsApp,
    private readonly sendHistory: SendHistory,
    private readonly files: OutgoingFiles,
    private readonly slots: PostSlots,
    private readonly references: AttemptReferences,
    private readonly journal: OutboundJournal,
    private readonly scope: TenantScope,
    private readonly clock: Clock,
  ) {
    super();
  }

  async drain(turn: LaneTurn): Promise<Date | undefined> {
    const merchant = this.scope.tenantId;
    this.#lanes.set(merchant, this.#lanesOf(merchant) + 1);
    return this.#drain(turn).finally(() => {
      const left = this.#lanesOf(merchant) - 1;
      if (left > 0) this.#lanes.set(merchant, left);
      else this.#lanes.delete(merchant);
    });
  }

  async #drain({ key: phoneNumberId, signal }: LaneTurn): Promise<Date | undefined> {
    for (;;) {
      const { due, isOthersTurn } = await this.#send(phoneNumberId, signal);
      if (isOthersTurn || signal.aborted || due === undefined || due > this.clock.now()) return due;
      const moved = await this.overdue.settle(phoneNumberId, await this.#history(phoneNumberId));
      moved.forEach(({ id, state, failure }) => this.journal.moved(id, state, failure));
    }
  }

  /** Sends until the queue has nothing due, or others wait. @returns when it has again; a time that is past tells that something is overdue */
  async #send(phoneNumberId: string, signal: AbortSignal): Promise<Sent> {
    const found = await this.senders.find(phoneNumberId);
    if ('unable' in found) return { due: await this.#beUnable(phoneNumberId, found.unable) };
    const pace = this.#paceOf(phoneNumberId, found.throughput);
    if (pace.resting(performance.now()) > 0)
      return { due: this.#afterRest(pace, await this.queue.nextDue(phoneNumberId)) };
    const { queue, senders, whatsapp, files, slots, references, journal, clock } = this;
    const parts = {
      ...{ queue, senders, whatsapp, files, slots, references, journal, clock },
      write: (attempts: SettledAttempt[]): Promise<Written[]> => this.#write(phoneNumberId, attempts),
      chance: (): number => randomInt(1000) / 1000,
      lookAgainAfter: (): number => LOOK_AGAIN_MS * this.#sending,
      shareOf: (claimSize: number): number => shareOf(claimSize, this.#sending),
      othersWait: (): boolean => this.#areTaken(found.sender.tenantId),
    };
    const run = new SendRun(phoneNumberId, found, pace, signal, parts);
    this.#sending++;
    const nextDue = await run.run().finally(() => this.#sending--);
    return { due: this.#afterRest(pace, nextDue), isOthersTurn: run.hasYielded };
  }

  #lanesOf(merchant: TenantId): number {
    return this.#lanes.get(merchant) ?? 0;
  }

  /** Whether another number may wait for a place: for any, or for one of its merchant's. */
  #areTaken(merchant: TenantId): boolean {
    if (this.#lanesOf(merchant) >= this.concurrencyPerTenant) return true;
    const taken = [...this.#lanes.values()].reduce((sum, lanes) => sum + lanes, 0);
    return taken >= this.concurrency * CROWDED_FROM;
  }

  async #history(phoneNumberId: string): Promise<readonly string[] | undefined> {
    if (!(await this.overdue.seeksProof(phoneNumberId))) return undefined;
    const found = await this.senders.find(phoneNumberId);
    return 'unable' in found ? undefined : this.sendHistory.newest(found.sender);
  }

  /** Messages wait for a number that cannot send now; whoever makes it able rings its lane. For one that does not exist they fail. */
  async #beUnable(
    phoneNumberId: string,
    unable: 'unknown' | 'paused' | 'disconnected' | 'credential',
  ): Promise<Date | undefined> {
    if (unable === 'unknown') {
      const failed = await this.queue.failAll(phoneNumberId, NO_SUCH_NUMBER);
      failed.forEach((id) => this.journal.moved(id, 'failed', NO_SUCH_NUMBER));
    }
    return this.queue.nextDue(phoneNumberId);
  }

  #afterRest(pace: NumberPace, nextDue: Date | undefined): Date | undefined {
    const now = this.clock.now().getTime();
    const rest = pace.resting(performance.now());
    const waits = [
      nextDue?.getTime(),
      rest > 0 ? now + Math.ceil(rest) : undefined,
      this.#soonestRecipient(pace, now),
    ].filter((at) => at !== undefined);
    return waits.length > 0 ? new Date(Math.min(...waits)) : undefined;
  }

  #soonestRecipient(pace: NumberPace, now: number): number | undefined {
    const { wait } = pace.restingRecipients(now);
    return wait === undefined ? undefined : now + Math.ceil(wait);
  }

  async #write(phoneNumberId: string, attempts: SettledAttempt[]): Promise<Written[]> {
    const begun = performance.now();
    for (;;) {
      try {
        return await this.settlements.write(phoneNumberId, attempts);
      } catch (error) {
        if (performance.now() - begun > WRITE_PATIENCE_MS) throw error;
        this.#logger.warn(
          `Outcomes cannot be written, trying again: ${error instanceof Error ? error.message : String(error)}`,
        );
        await delay(WRITE_AGAIN_MS);
      }
    }
  }

  #paceOf(phoneNumberId: string, throughput: number): NumberPace {
    const known = this.#paces.get(phoneNumberId);
    if (known) return known;
    if (this.#paces.size >= this.#sweepAbove) this.#sweepPaces();
    const pace = new NumberPace(throughput, performance.now());
    this.#paces.set(phoneNumberId, pace);
    return pace;
  }

  #sweepPaces(): void {
    for (const [key, pace] of this.#paces)
      if (pace.isPristine(performance.now(), this.clock.now().getTime())) this.#paces.delete(key);
    this.#sweepAbove = Math.max(SWEEP_PACES_ABOVE, this.#paces.size * 2);
  }
}

/** The wire is shared, so the more send at a time, the less each claims ahead of it. */
function shareOf(claimSize: number, sending: number): number {
  if (sending <= FEW) return claimSize;
  return Math.min(claimSize, Math.max(SMALL_CLAIM, Math.ceil(claimSize * (FEW / sending) ** 2)));
}

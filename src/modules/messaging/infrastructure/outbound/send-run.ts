import { randomUUID } from 'node:crypto';
import type { TenantId } from '../../../../kernel/ids.js';
import { NaturalBatch } from '../../../../platform/queue/natural-batch.js';
import type { Sender } from '../../application/outbound/whatsapp.js';
import { ownFileOf } from '../../domain/own-file.js';
import type { SendOutcome } from '../../domain/send-outcome.js';
import { type Halt, haltAfter, settle } from '../../domain/settlement.js';
import type { NumberPace } from './number-pace.js';
import type { SlotHolder } from './post-slots.js';
import { type SendRunParts, toOutgoing } from './send-run-parts.js';
import { type ClaimedMessage, MESSAGE_LEASE_SECONDS } from './send-queue.js';
import type { SettledAttempt, Written } from './settlements.js';

/** Outcomes that are not written down yet; beyond these nothing more is claimed. */
const UNSETTLED_LIMIT = 2000;
/** How long a follower's leave to go is believed: what it depends on may have changed since the claim (reliability G8). */
const LEAVE_IS_FRESH_MS = 1000;
/** What is claimed at once at least, however slow the wire. */
const SMALLEST_CLAIM = 16;
/** How long a sender's standing is believed: a pause takes effect after this. */
const SENDER_IS_FRESH_MS = 1000;
/** For so long a number sends before it lets another have its place, where all places are taken (D15). */
const TURN_MS = 1000;
/** How long a claimed message waits for its file to be put at the provider; after it the claim would be too old to be POSTed. */
const FILE_PATIENCE_MS = MESSAGE_LEASE_SECONDS * 333;

/**
 * Sends one number's due messages until there are none: claims ahead of the wire so that it never idles, POSTs many customers at a
 * time within the number's pace, writes outcomes down in bulk. Whatever ends it (a signal, a halt, a fault) gives back what was
 * claimed and not POSTed, and waits for what is on the wire.
 */
export class SendRun implements SlotHolder {
  readonly #settlements: NaturalBatch<SettledAttempt, Written>;
  readonly #leaseToken = randomUUID();
  #ready: ClaimedMessage[] = [];
  #sender: Sender;
  #senderFoundAt: number;
  #posting = 0;
  #placing = 0;
  #granted = 0;
  #unsettled = 0;
  #claiming = false;
  /** How many are claimed at once: after leaves went stale before their turn came, what was POSTed meanwhile. */
  #claimLimit = Infinity;
  #wentStale = false;
  #postedSinceClaim = 0;
  #mayHaveMore = true;
  #inLine = false;
  #ending = false;
  #halt: Halt | undefined;
  #fault: Error | undefined;
  #nextDue: Date | undefined;
  #poked = false;
  #wake: () => void = () => undefined;
  #yields = false;
  readonly #startedAt = performance.now();

  constructor(
    private readonly phoneNumberId: string,
    found: { sender: Sender; throughput: number },
    private readonly pace: NumberPace,
    private readonly signal: AbortSignal,
    private readonly parts: SendRunParts,
  ) {
    this.#sender = found.sender;
    this.#senderFoundAt = performance.now();
    this.pace.throughput = found.throughput;
    this.#settlements = new NaturalBatch((attempts) => parts.write(attempts), { size: 500, flushesInFlight: 1 });
  }

  get tenantId(): TenantId {
    return this.#sender.tenantId;
  }

  get held(): number {
    return this.#posting + this.#granted;
  }

  /** It ended because others wait for their turn; there may be more to send. */
  get hasYielded(): boolean {
    return this.#yields;
  }

  granted(): void {
    this.#granted++;
    this.#poke();
  }

  /** @returns when the queue has something due next: now, when this ended before it was empty. @throws what stopped it, after all is settled */
  async run(): Promise<Date | undefined> {
    // The loop ends itself: whoever aborts does not stand in the tenant's scope.
    const onAbort = (): void => this.#poke();
    this.signal.addEventListener('abort', onAbort);
    try {
      for (;;) {
        this.#poked = false;
        if (this.signal.aborted && !this.#ending) this.#end();
        if (this.#isOthersTurn()) this.#yield();
        this.#claimAhead();
        const wait = this.#startPosts();
        if (this.#isDone()) break;
        await this.#nap(wait);
      }
    } finally {
      this.signal.removeEventListener('abort', onAbort);
      this.parts.slots.forget(this);
      for (; this.#granted > 0; this.#granted--) this.parts.slots.giveBack();
    }
    await this.#tellHalt();
    if (this.#fault) throw this.#fault;
    return this.#ending ? this.parts.clock.now() : this.#nextDue;
  }

  #fail(error: unknown): void {
    this.#fault ??= error instanceof Error ? error : new Error(String(error));
  }

  #isDone(): boolean {
    const idle = this.#ready.length === 0 && this.#posting + this.#placing + this.#unsettled === 0 && !this.#claiming;
    return idle && (this.#ending || !this.#mayHaveMore);
  }

  #isOthersTurn(): boolean {
    if (this.#ending || (this.#ready.length === 0 && !this.#mayHaveMore)) return false;
    return performance.now() - this.#startedAt > TURN_MS && this.parts.othersWait();
  }

  #yield(): void {
    this.#yields = true;
    this.#end();
  }

  #claimAhead(): void {
    const size = Math.min(this.parts.shareOf(this.pace.claimSize), this.#claimLimit);
    if (this.#ending || this.#claiming || !this.#mayHaveMore) return;
    if (this.#ready.length + this.#placing > size / 2 || this.#unsettled > UNSETTLED_LIMIT) return;
    if (size === 1 && this.#posting + this.#placing > 0) return;
    this.#claiming = true;
    this.#mayHaveMore = false;
    const count = this.#wentStale ? Math.min(size, Math.max(SMALLEST_CLAIM, this.#postedSinceClaim)) : size;
    this.#claimLimit = this.#wentStale ? count : this.#claimLimit * 2;
    this.#wentStale = false;
    this.#postedSinceClaim = 0;
    this.#claim(count)
      .catch((error: unknown) => {
        this.#fail(error);
        this.#end();
      })
      .finally(() => {
        this.#claiming = false;
        this.#poke();
      });
  }

  async #claim(count: number): Promise<void> {
    if (performance.now() - this.#senderFoundAt > SENDER_IS_FRESH_MS && !(await this.#refreshSender()))
      return this.#end();
    const { queue, clock } = this.parts;
    const resting = this.pace.restingRecipients(clock.now().getTime()).addresses;
    const wish = { count, resting, leaseToken: this.#leaseToken };
    const { messages, withheld, left } = await queue.claim(this.phoneNumberId, wish);
    withheld.forEach(({ id, state, failure }) => this.parts.journal.moved(id, state, failure));
    if (left) ({ nextDue: this.#nextDue, inLine: this.#inLine } = left);
    else this.#mayHaveMore = true;
    if (messages.length === 0) return;
    this.#makeReady(messages.filter(({ content }) => !ownFileOf(content)));
    for (const message of messages) if (ownFileOf(message.content)) void this.#placeFile(message);
  }

  #makeReady(messages: readonly ClaimedMessage[]): void {
    this.#ready = [...this.#ready, ...messages].sort((a, b) => a.priority - b.priority || a.seq - b.seq);
    if (this.#ending) this.#undoReady();
  }

  /** A file of ours is at the provider before its message is POSTed, outside of the number's pace; others go meanwhile. */
  async #placeFile(message: ClaimedMessage): Promise<void> {
    this.#placing++;
    try {
      const placed = await this.parts.files.place(this.#sender, message.content, FILE_PATIENCE_MS, this.signal);
      if (placed.kind === 'placed') this.#makeReady([{ ...message, content: placed.content }]);
      else if (placed.kind === 'under-way') this.#undo(message);
      else {
        this.#learn(message, placed.outcome);
        this.#settle(message, placed.outcome);
      }
    } catch (error) {
      this.#fail(error);
      this.#undo(message);
      this.#end();
    } finally {
      this.#placing--;
      this.#poke();
    }
  }

  async #refreshSender(): Promise<boolean> {
    const found = await this.parts.senders.find(this.phoneNumberId);
    if ('unable' in found) return false;
    this.#sender = found.sender;
    this.#senderFoundAt = performance.now();
    this.pace.throughput = found.throughput;
    return true;
  }

  /** @returns milliseconds after which another may start, or after which the queue is worth a look */
  #startPosts(): number | undefined {
    while (this.#ready.length > 0) {
      const message = this.#ready[0]!;
      if (!this.#isFresh(message)) {
        this.#wentStale ||= message.isFollowed;
        this.#ready.shift();
        this.#undo(message);
        continue;
      }
      if (this.#granted > 0) this.#granted--;
      else if (!this.parts.slots.take(this)) return undefined;
      const wait = this.pace.take(
        message.priority,
        message.to.value,
        performance.now(),
        this.parts.clock.now().getTime(),
      );
      if (wait > 0) {
        this.parts.slots.giveBack();
        return wait;
      }
      this.#ready.shift();
      void this.#post(message);
    }
    return this.#posting > 0 && !this.#ending ? this.parts.lookAgainAfter() : undefined;
  }

  /** A process that was frozen wakes with claims that are about to be another's (F02): those are not POSTed. */
  #isFresh({ claimedAt, releasedAt, expiresAt, isFollowed }: ClaimedMessage): boolean {
    const now = performance.now();
    if (now - claimedAt > MESSAGE_LEASE_SECONDS * 500) return false;
    if (isFollowed && now - releasedAt > LEAVE_IS_FRESH_MS) return false;
    return expiresAt === undefined || expiresAt > this.parts.clock.now();
  }

  async #post(message: ClaimedMessage): Promise<void> {
    this.#posting++;
    this.#postedSinceClaim++;
    this.parts.journal.posting(message);
    const outcome = await this.#send(message);
    this.#posting--;
    this.parts.slots.giveBack();
    this.#learn(message, outcome);
    this.#settle(message, outcome);
    this.#poke();
  }

  async #send(message: ClaimedMessage): Promise<SendOutcome> {
    try {
      return await this.parts.whatsapp.send(this.#sender, toOutgoing(message, this.parts.references), this.signal);
    } catch (error) {
      // The port promises not to throw; whoever breaks a promise may have sent it all the same.
      this.#fail(error);
      return { kind: 'unknown', soft: false, error: { code: 'ADAPTER_FAULT', title: 'The adapter failed' } };
    }
  }

  #learn(message: ClaimedMessage, outcome: SendOutcome): void {
    const { pace, parts } = this;
    if (outcome.kind === 'accepted') pace.accepted(message.to.value);
    if (outcome.kind === 'deferred') pace.giveBack(message.priority, message.to.value);
    const halt = haltAfter(outcome);
    switch (halt?.what) {
      case undefined:
        return;
      case 'recipient':
        return pace.recipientThrottled(message.to.value, parts.clock.now().getTime());
      case 'lane':
        if ('throttled' in halt) pace.throttled(halt.throttled, performance.now());
        else if (!this.signal.aborted) pace.rest(halt.until.getTime() - parts.clock.now().getTime(), performance.now());
        return this.#end();
      default:
        this.#halt ??= halt;
        return this.#end();
    }
  }

  /** Claims nothing more and gives back what is not on the wire. */
  #end(): void {
    this.#ending = true;
    this.#undoReady();
    this.#poke();
  }

  #undoReady(): void {
    this.#ready.splice(0).forEach((message) => this.#undo(message));
  }

  #undo(message: ClaimedMessage): void {
    this.#settle(message, { kind: 'deferred', retryAt: this.parts.clock.now() });
  }

  #settle(message: ClaimedMessage, outcome: SendOutcome): void {
    const attempt = {
      message,
      outcome,
      settlement: settle(message, outcome, this.parts.clock.now(), this.parts.chance()),
    };
    this.#unsettled++;
    this.#settlements
      .add(attempt)
      .then((written) => {
        this.parts.journal.settled(attempt, written);
        // Whoever holds it now, its lease is worth a look.
        if (!written.moved) this.#soonest(new Date(this.parts.clock.now().getTime() + MESSAGE_LEASE_SECONDS * 1000));
      })
      // The lease will run out, and a status webhook or the category's policy decides.
      .catch((error: unknown) => this.#fail(error))
      .finally(() => {
        this.#unsettled--;
        // Whoever stood behind it in its customer's line may be first, or the message itself is due again.
        if (this.#inLine || attempt.settlement.attempt === 'undone') this.#mayHaveMore = true;
        this.#soonest(attempt.settlement.nextAt);
        this.#poke();
      });
  }

  #soonest(due: Date | undefined): void {
    if (due && (!this.#nextDue || due < this.#nextDue)) this.#nextDue = due;
  }

  async #tellHalt(): Promise<void> {
    const { senders } = this.parts;
    if (this.#halt?.what === 'credential')
      await senders.refuseCredential(this.#sender.accountId, this.#sender.credentialVersion, this.#halt.reason);
    if (this.#halt?.what === 'number') await senders.pause(this.phoneNumberId, this.#halt.reason);
  }

  #poke(): void {
    this.#poked = true;
    this.#wake();
  }

  async #nap(milliseconds: number | undefined): Promise<void> {
    if (this.#poked) return;
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
      if (milliseconds !== undefined) timer = setTimeout(() => this.#lookAgain(), Math.max(1, milliseconds));
    });
    clearTimeout(timer);
  }

  #lookAgain(): void {
    if (this.#ready.length === 0) this.#mayHaveMore = true;
    this.#wake();
  }
}

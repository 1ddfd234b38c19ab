import { Injectable } from '@nestjs/common';

/** POSTs on the wire of this process at a time: as many as the client keeps connections. */
const SLOTS = 64;
/** One number never takes all of them, so that a slow one leaves some to the others (F28). */
const SLOTS_A_NUMBER = 48;

/** Somebody who waits for a slot, and is given it. */
export interface SlotHolder {
  readonly held: number;
  granted(): void;
}

/** Shares the wire among the numbers that send from this process: first come, first served, one slot each. */
@Injectable()
export class PostSlots {
  #free = SLOTS;
  readonly #waiting = new Set<SlotHolder>();

  /** @returns whether the holder has a slot more; if not he is given one later, unless he has his full share */
  take(holder: SlotHolder): boolean {
    if (holder.held >= SLOTS_A_NUMBER) return false;
    if (this.#free > 0) {
      this.#free--;
      return true;
    }
    this.#waiting.add(holder);
    return false;
  }

  giveBack(): void {
    const [next] = this.#waiting;
    if (!next) {
      this.#free++;
      return;
    }
    this.#waiting.delete(next);
    next.granted();
  }

  /** The holder has gone. */
  forget(holder: SlotHolder): void {
    this.#waiting.delete(holder);
  }
}

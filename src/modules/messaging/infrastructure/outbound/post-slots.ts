import { Injectable } from '@nestjs/common';
import type { TenantId } from '../../../../kernel/ids.js';

/** POSTs on the wire of this process at a time: as many as the client keeps connections. */
const SLOTS = 64;
/** One number never takes all of them, so that a slow one leaves some to the others (F28). */
const SLOTS_A_NUMBER = 48;

/** Somebody who waits for a slot, and is given it. */
export interface SlotHolder {
  readonly tenantId: TenantId;
  readonly held: number;
  granted(): void;
}

/** Shares the wire among those who send from this process: merchants take turns, and a merchant's numbers among themselves (F54, D15). */
@Injectable()
export class PostSlots {
  #free = SLOTS;
  /** In the order of their turns; nobody waits twice. */
  readonly #waiting = new Map<TenantId, Set<SlotHolder>>();

  /** @returns whether the holder has a slot more; if not he is given one later, unless he has his full share */
  take(holder: SlotHolder): boolean {
    if (holder.held >= SLOTS_A_NUMBER) return false;
    if (this.#free > 0) {
      this.#free--;
      return true;
    }
    const line = this.#waiting.get(holder.tenantId) ?? new Set();
    this.#waiting.set(holder.tenantId, line.add(holder));
    return false;
  }

  giveBack(): void {
    const next = this.#next();
    if (next) next.granted();
    else this.#free++;
  }

  /** The holder has gone. */
  forget(holder: SlotHolder): void {
    const line = this.#waiting.get(holder.tenantId);
    if (line?.delete(holder) && line.size === 0) this.#waiting.delete(holder.tenantId);
  }

  /** The first in line of the merchant whose turn it is; the merchant goes to the end. */
  #next(): SlotHolder | undefined {
    for (const [tenantId, line] of this.#waiting) {
      this.#waiting.delete(tenantId);
      const [first] = line;
      if (!first) continue;
      line.delete(first);
      if (line.size > 0) this.#waiting.set(tenantId, line);
      return first;
    }
    return undefined;
  }
}

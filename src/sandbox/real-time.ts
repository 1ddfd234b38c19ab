import { Injectable } from '@nestjs/common';

/** Work that happens a moment later in real time: statuses, approvals, retries. Knows how much is pending. */
@Injectable()
export class RealTime {
  private readonly timers = new Set<NodeJS.Timeout>();
  private readonly unawaited = new Set<NodeJS.Timeout>();

  after(delayMs: number, action: () => void): void {
    schedule(this.timers, delayMs, action);
  }

  /** Like {@link after}, for what nobody waits for: it does not count as pending. */
  unawaitedAfter(delayMs: number, action: () => void): void {
    schedule(this.unawaited, delayMs, action);
  }

  get pending(): number {
    return this.timers.size;
  }

  /** Forgets everything. */
  clear(): void {
    for (const timers of [this.timers, this.unawaited]) {
      for (const timer of timers) clearTimeout(timer);
      timers.clear();
    }
  }
}

function schedule(timers: Set<NodeJS.Timeout>, delayMs: number, action: () => void): void {
  const timer = setTimeout(() => {
    timers.delete(timer);
    action();
  }, delayMs);
  timers.add(timer);
}

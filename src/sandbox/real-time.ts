import { Injectable } from '@nestjs/common';
/** Work that happens a moment later in real time: statuses, approvals, retries. Knows how much is pending. */
@Injectable()
export class RealTime {
  private readonly timers = new Set<NodeJS.Timeout>();

  after(delayMs: number, action: () => void): void {
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      action();
    }, delayMs);
    this.timers.add(timer);
  }

  get pending(): number {
    return this.timers.size;
  }

  /** Forgets everything pending. */
  clear(): void {
    for (const timer of this.timers) clearTimeout(timer);
    this.timers.clear();
  }
}

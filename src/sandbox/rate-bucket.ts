/** A token bucket that is told the time, in milliseconds. Time that runs back refills nothing. */
export class RateBucket {
  private tokens: number;

  /** @param perSecond refill rate; @param burst size of the bucket, full at the start */
  constructor(
    private perSecond: number,
    private burst: number,
    private lastMs: number,
  ) {
    this.tokens = burst;
  }

  /** Takes one token. @returns false when there is none */
  take(nowMs: number): boolean {
    if (nowMs > this.lastMs) {
      this.tokens = Math.min(this.burst, this.tokens + ((nowMs - this.lastMs) / 1000) * this.perSecond);
      this.lastMs = nowMs;
    }
    if (this.tokens < 1) return false;
    this.tokens -= 1;
    return true;
  }

  changeRate(perSecond: number, burst: number): void {
    this.perSecond = perSecond;
    this.burst = burst;
    this.tokens = Math.min(this.tokens, burst);
  }
}

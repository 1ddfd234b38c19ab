/** When breakers open, probe and close (S3.46, C38); tests put shorter times. Milliseconds. The 10 s of a call are `GraphTimes`. */
export class BreakerSettings {
  readonly failures: number = 5;
  readonly successes: number = 2;
  readonly resetAfter: number = 60_000;
  /** Numbers that must be failing before the host itself is thought to be down. */
  readonly hostWitnesses: number = 3;
  /** How long those wait that come while a probe is out. */
  readonly probeWait: number = 1_000;
}

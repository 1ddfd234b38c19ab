/** The merchant's numbers that messages can be queued for: connected ones, also while they are paused. In the open transaction. */
export abstract class SpeakingNumbers {
  abstract has(phoneNumberId: string): Promise<boolean>;
  /** The oldest of those whose purpose is the default one. */
  abstract default(): Promise<string | undefined>;
  /** That of them which may send at this moment: not paused, its account's credential not refused. */
  abstract ready(): Promise<string | undefined>;
}

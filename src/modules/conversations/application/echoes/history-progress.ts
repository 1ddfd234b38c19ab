/** How far the history of a number has come. */
export interface HistoryProgress {
  readonly phoneNumberId: string;
  readonly phase: number;
  /** Percent. */
  readonly progress: number;
  readonly messages: number;
  /** What the provider answered when the merchant did not share. */
  readonly refusal: { readonly code: number; readonly title: string } | null;
  readonly updatedAt: Date;
}

export abstract class HistorySyncs {
  /** Notes how far it is; chunks overtake each other, so it never goes back. */
  abstract advance(phoneNumberId: string, phase: number, progress: number): Promise<void>;
  abstract refuse(phoneNumberId: string, refusal: { readonly code: number; readonly title: string }): Promise<void>;
  abstract count(phoneNumberId: string, messages: number): Promise<void>;
}

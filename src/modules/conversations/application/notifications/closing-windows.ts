import type { WindowSeverity } from '../../domain/notifications/window-alert.js';

export interface ClosingWindow {
  readonly threadId: string;
  readonly phoneNumberId: string;
  readonly closesAt: Date;
  readonly severity: WindowSeverity;
}

/** Which windows of the tenant's are about to close, and what was told of them. In the open transaction. */
export abstract class ClosingWindows {
  /** Marks those that nobody was told of yet at this severity. @returns them, up to `limit` */
  abstract takeUntold(now: Date, limit: number): Promise<ClosingWindow[]>;
  /** When the next window reaches a severity; undefined: none will, unless somebody writes. */
  abstract nextAt(now: Date): Promise<Date | undefined>;
  /** Forgets what was told of windows that have closed. */
  abstract forgetClosed(now: Date): Promise<void>;
}

/** Meta's clock and ours may differ, and a message takes its time: the window is closed a little early (reliability 2.11). */
const MARGIN_MS = 60_000;
/** For so long after a customer's message they may be sent anything. */
export const WINDOW_MS = 24 * 3_600_000 - MARGIN_MS;

export interface ServiceWindow {
  readonly isOpen: boolean;
  /** When it closes or closed; undefined when the customer never wrote. */
  readonly closesAt: Date | undefined;
}

/** When the window of a customer's message closes. */
export function windowEnd(writtenAt: Date): Date {
  return new Date(writtenAt.getTime() + WINDOW_MS);
}

/** The 24 hours after a customer's message in which they may be sent anything; outside of it only approved templates (S1.10, S1.88). */
export function serviceWindow(
  { lastInboundAt }: { readonly lastInboundAt: Date | undefined },
  now: Date,
): ServiceWindow {
  if (!lastInboundAt) return { isOpen: false, closesAt: undefined };
  const closesAt = windowEnd(lastInboundAt);
  return { isOpen: now < closesAt, closesAt };
}

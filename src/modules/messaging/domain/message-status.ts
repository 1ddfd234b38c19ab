/** A status as the provider reported it (S4.12); kept for good, in the order in which it came. */
export interface StatusEntry {
  /** sent | delivered | read | played | failed, or a word that the provider may add. */
  readonly status: string;
  /** RFC 3339, the provider's time. */
  readonly at: string;
  /** Of a failed one. */
  readonly errors?: readonly unknown[];
  readonly pricing?: unknown;
  readonly conversation?: unknown;
  /** The id that it names, when that is not the message's own: another attempt was accepted too. */
  readonly wamid?: string;
}

/** What became of a message that the provider has accepted (C12). */
export type DeliveryState = 'accepted' | 'sent' | 'delivered' | 'read' | 'failed';

/**
 * The state that a set of statuses proves: read, else delivered, else failed, else sent, else accepted (reliability 2.4).
 * A function of the set alone, so that order and repetition cannot matter. A failure after a delivery is kept among the
 * statuses and never shown as the state; a word that is not known here proves that the message was accepted.
 */
export function projectStatus(reported: Iterable<string>): DeliveryState {
  const set = new Set(reported);
  if (set.has('read') || set.has('played')) return 'read';
  if (set.has('delivered')) return 'delivered';
  if (set.has('failed')) return 'failed';
  return set.has('sent') ? 'sent' : 'accepted';
}

const ON_THE_WAY: readonly DeliveryState[] = ['accepted', 'sent', 'delivered', 'read'];

/**
 * The states that a message went through, the present one last, however many statuses were reported at once: nobody who watches it sees it
 * delivered and read without having been sent, when that was said. None: it has the state that it had.
 * @param before any state of an outgoing message @param reported the statuses that moved it
 */
export function statesPassed(before: string, after: DeliveryState, reported: Iterable<string>): DeliveryState[] {
  if (before === after) return [];
  const said = new Set(reported);
  const passed = ON_THE_WAY.slice(ON_THE_WAY.indexOf(before as DeliveryState) + 1).filter((state) => said.has(state));
  const end = passed.indexOf(after);
  return [...(end < 0 ? passed : passed.slice(0, end)), after];
}

/** The union of two lists of statuses: what is known keeps its place, what is new follows. */
export function mergeStatuses(known: readonly StatusEntry[], reported: readonly StatusEntry[]): StatusEntry[] {
  const merged = new Map<string, StatusEntry>();
  for (const entry of [...known, ...reported]) {
    const identity = `${entry.wamid ?? ''}|${entry.status}|${entry.at}`;
    if (!merged.has(identity)) merged.set(identity, entry);
  }
  return [...merged.values()];
}

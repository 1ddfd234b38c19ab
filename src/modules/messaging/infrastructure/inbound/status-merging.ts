import {
  mergeStatuses,
  projectStatus,
  statesPassed,
  type DeliveryState,
  type StatusEntry,
} from '../../domain/message-status.js';
import { failureOf, type StatusReport } from './meta-status.js';

/** An outgoing message as its row stands. */
export interface KnownMessage {
  id: string;
  state: string;
  wamid: string | null;
  statuses: StatusEntry[];
  failure: unknown;
}

/** The same with the statuses merged in. */
export interface MergedMessage extends KnownMessage {
  state: DeliveryState;
  /** The states that led to it; none: it had it already. */
  passed: readonly DeliveryState[];
  /** What was merged; some of it may have been known before. */
  reported: readonly StatusEntry[];
  /** It was queued, on its way or in doubt, and is not any more. */
  settles: boolean;
}

/** An attempt that a status names: the provider accepted it under this wamid. */
export interface ProvenAttempt {
  readonly messageId: string;
  readonly attemptNo: number;
  readonly wamid: string;
  /** The message has another wamid: another attempt was accepted too. */
  readonly twice: boolean;
}

export interface Merged {
  readonly messages: readonly MergedMessage[];
  readonly attempts: readonly ProvenAttempt[];
  /** Events whose message is not known. */
  readonly orphans: readonly string[];
}

/** States that say nothing about the provider: a status proves that it has the message all the same. */
const IN_DOUBT = new Set(['queued', 'sending', 'unknown', 'parked', 'cancelled', 'expired']);

/**
 * Merges reports into the messages that they name: by our own reference first, which is proof even while the wamid is unknown (F03,
 * F13), else by wamid. The state is the projection of all statuses of the message, whatever state it was in.
 */
export function mergeIntoMessages(
  reports: readonly (StatusReport & { readonly eventId: string })[],
  known: readonly KnownMessage[],
): Merged {
  const byId = new Map(known.map((message) => [message.id, { ...message, reported: [] as StatusEntry[] }]));
  const byWamid = new Map(
    [...byId.values()].flatMap((message) => (message.wamid === null ? [] : [[message.wamid, message] as const])),
  );
  const attempts = new Map<string, ProvenAttempt>();
  const orphans: string[] = [];
  for (const { eventId, wamid, attempt, entry } of reports) {
    const message = (attempt && byId.get(attempt.messageId)) ?? byWamid.get(wamid);
    if (!message) {
      orphans.push(eventId);
      continue;
    }
    if (message.wamid === null && !byWamid.has(wamid)) {
      message.wamid = wamid;
      byWamid.set(wamid, message);
    }
    const twice = message.wamid !== wamid;
    message.reported.push(twice ? { ...entry, wamid } : entry);
    if (attempt && attempt.messageId === message.id && (twice || IN_DOUBT.has(message.state))) {
      attempts.set(`${attempt.messageId}|${attempt.attemptNo}|${wamid}`, { ...attempt, wamid, twice });
    }
  }
  const touched = [...byId.values()].filter(({ reported }) => reported.length > 0);
  return { messages: touched.map(merge), attempts: [...attempts.values()], orphans };
}

function merge({ reported, ...message }: KnownMessage & { reported: StatusEntry[] }): MergedMessage {
  const statuses = mergeStatuses(message.statuses, reported);
  const state = projectStatus(statuses.map(({ status }) => status));
  const said = reported.map(({ status }) => status);
  return {
    ...message,
    reported,
    statuses,
    state,
    passed: statesPassed(message.state, state, said),
    failure: state === 'failed' ? failureOf(statuses.find(({ status }) => status === 'failed')?.errors ?? []) : null,
    settles: IN_DOUBT.has(message.state),
  };
}

import type { InboxAccess } from '../../../../kernel/inbox-access.js';
import type { TenantEventName } from '../../../../platform/realtime/tenant-event-names.js';

/** An event as clients get it, from the socket and from the log alike. */
export interface LoggedEvent {
  /** Gapless from 1 within a tenant; a client keeps the last one it saw. */
  readonly seq: number;
  readonly name: TenantEventName;
  /** When it happened; the provider's or the writer's time for messages. */
  readonly at: Date | string;
  /** `user:<id>`, ...; null for customers and automation. */
  readonly actor: string | null;
  readonly [detail: string]: unknown;
}

/** Who reads. */
export interface EventReader {
  readonly access: InboxAccess;
  readonly actor: string;
  /** Undefined for programs. */
  readonly userId: string | undefined;
  /** Events that the reader's scopes do not reach. */
  readonly withheld: ReadonlySet<TenantEventName>;
}

/** The tenant's numbered events, in the open transaction. */
export abstract class EventLog {
  /** The first number that is kept; undefined: none is. */
  abstract oldest(): Promise<number | undefined>;
  /** Events with numbers in (after, upTo] that the reader may see as things are now, in order. */
  abstract read(reader: EventReader, after: number, upTo: number, limit: number): Promise<readonly LoggedEvent[]>;
}

/** What happened itself cannot rename or renumber the event that tells of it. */
export function toLoggedEvent(event: {
  readonly seq: number;
  readonly name: TenantEventName;
  readonly occurredAt: Date;
  readonly actor: string | null;
  readonly payload: Readonly<Record<string, unknown>>;
}): LoggedEvent {
  const { seq, name, actor, occurredAt, payload } = event;
  return { at: occurredAt, ...payload, seq, name, actor };
}

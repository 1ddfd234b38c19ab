import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { DomainError } from '../../../../kernel/domain-error.js';
import { NumberTenantEvents } from '../../../../platform/realtime/number-tenant-events.js';
import { EventLog, type EventReader, type LoggedEvent } from './event-log.js';

/** Numbers that one page looks at, however few of them the caller may see. */
const LOOKED_AT = 5000;

/** A page of the tenant's event log: what the caller may see of it now, in order. */
export interface EventPage {
  readonly data: readonly LoggedEvent[];
  /** The last number that was looked at: the next page begins after it. Null: nothing more has happened; go on after `head`. */
  readonly nextCursor: string | null;
  /** The last number of the log. */
  readonly head: number;
}

export class EventsForgotten extends DomainError {
  readonly code = 'EVENTS_FORGOTTEN';
  readonly kind = 'conflict';
  override readonly extensions: { readonly head: number };
  constructor(head: number) {
    super('The log does not reach back that far. Load what you show anew, and go on after `head`.');
    this.extensions = { head };
  }
}

/**
 * What happened after a number (reliability 2.14): how a client catches up that was away. Numbers what is not numbered yet, so that it is
 * complete without a worker. @throws EventsForgotten
 */
export class ListEvents extends Query<EventPage> {
  constructor(
    readonly reader: EventReader,
    /** Undefined: from the oldest that is kept. */
    readonly after: number | undefined,
    readonly limit: number,
  ) {
    super();
  }
}

@QueryHandler(ListEvents)
export class ListEventsHandler implements IQueryHandler<ListEvents> {
  constructor(
    private readonly numbers: NumberTenantEvents,
    private readonly log: EventLog,
  ) {}

  async execute({ reader, after: given, limit }: ListEvents): Promise<EventPage> {
    const head = await this.numbers.numberAll();
    const oldest = await this.log.oldest();
    const after = given ?? (oldest === undefined ? head : oldest - 1);
    if (after > head || (after < head && (oldest === undefined || after < oldest - 1))) throw new EventsForgotten(head);
    const upTo = Math.min(head, after + LOOKED_AT);
    const data = await this.log.read(reader, after, upTo, limit);
    const lookedAt = data.length === limit ? data.at(-1)!.seq : upTo;
    return { data, nextCursor: lookedAt < head ? String(lookedAt) : null, head };
  }
}

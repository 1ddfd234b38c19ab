import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import type { InboxAccess } from '../../../../kernel/inbox-access.js';
import { seenUnderThreads } from '../../../../platform/auth/index.js';
import { TenantScope } from '../../../../platform/database/tenant-scope.js';
import { UnitOfWork } from '../../../../platform/database/unit-of-work.js';
import { Cursor, type Page } from '../../../../platform/http/pagination.js';
import type { OutboundState } from '../../domain/outbound-message.js';
import { MESSAGE_COLUMNS, type MessageRow, type MessageSummary, toMessageSummary } from './message-view.js';

/** Which messages; all that are given hold together. */
export interface MessageFilter {
  readonly status?: OutboundState | undefined;
  readonly phoneNumberId?: string | undefined;
  /** The recipient's digits or business-scoped user id. */
  readonly to?: string | undefined;
  /** Of a WhatsApp template. */
  readonly templateName?: string | undefined;
  /** Of a step of the flow. */
  readonly templateKey?: string | undefined;
  readonly idempotencyKey?: string | undefined;
  /** A part of what it says. */
  readonly q?: string | undefined;
  readonly from?: Date | undefined;
  readonly until?: Date | undefined;
}

/** The tenant's outgoing messages, as far as the caller sees their conversations, the newest first. */
export class ListMessages extends Query<Page<MessageSummary>> {
  constructor(
    readonly access: InboxAccess,
    readonly filter: MessageFilter,
    readonly limit: number,
    readonly cursor: string | undefined,
  ) {
    super();
  }
}

// Ids are UUIDv7: by id is by time, and it is the primary key.
const cursor = new Cursor({ id: 'uuid' });

@QueryHandler(ListMessages)
export class ListMessagesHandler implements IQueryHandler<ListMessages> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly scope: TenantScope,
  ) {}

  async execute({ access, filter, limit, cursor: given }: ListMessages): Promise<Page<MessageSummary>> {
    const after = cursor.read(given);
    const { conditions, parameters } = this.#wanted(filter, after?.id);
    const seen = seenUnderThreads(access, 'm', parameters.length + 1);
    const rows = await this.unitOfWork.sql.query<MessageRow>(
      `select ${MESSAGE_COLUMNS} from message m
       where m.tenant_id = $1::uuid and m.direction = 'OUTBOUND' and ${[...conditions, seen.sql].join(' and ')}
       order by m.id desc limit ${limit + 1}`,
      [...parameters, ...seen.parameters],
    );
    return cursor.page(rows, limit, toMessageSummary);
  }

  /** Only what is asked for stands in the statement, so that each question rides the index that fits it. */
  #wanted(filter: MessageFilter, after: string | undefined): { conditions: string[]; parameters: unknown[] } {
    const parameters: unknown[] = [this.scope.tenantId];
    const conditions: string[] = [];
    const want = (value: unknown, condition: (parameter: string) => string): void => {
      if (value === undefined) return;
      parameters.push(value);
      conditions.push(condition(`$${parameters.length}`));
    };
    want(after, (id) => `m.id < ${id}::uuid`);
    want(filter.status, (state) => `m.state = ${state}::text`);
    want(filter.phoneNumberId, (number) => `m.phone_number_id = ${number}::text`);
    want(filter.to, (address) => `m.address = ${address}::text`);
    want(filter.templateKey, (key) => `m.template_key = ${key}::text`);
    want(filter.idempotencyKey, (key) => `m.idempotency_key = ${key}::text`);
    want(filter.templateName, (name) => `m.type = 'template' and m.content ->> 'name' = ${name}::text`);
    want(filter.q && `%${escapeLike(filter.q)}%`, (part) => `length(m.said) > 2 and m.said ilike ${part}::text`);
    want(
      filter.from?.toISOString(),
      (from) => `m.created_at >= ${from}::timestamptz and m.id >= ${idOfEarliest(from)}`,
    );
    want(filter.until?.toISOString(), (until) => `m.created_at < ${until}::timestamptz and m.id < ${idAfter(until)}`);
    return { conditions, parameters };
  }
}

function escapeLike(text: string): string {
  return text.replace(/[\\%_]/g, String.raw`\$&`);
}

// Ids are made by the wall clock, which a virtual clock may run ahead of and is never behind; a day is more than clocks differ by.

/** No message that was ordered at an instant has a smaller id: where the look back from the newest ends. */
function idOfEarliest(instant: string): string {
  return firstIdAt(`${instant}::timestamptz - (business_now() - now()) - interval '1 day'`);
}

/** Every message that was ordered before an instant has a smaller id: where the look back begins. */
function idAfter(instant: string): string {
  return firstIdAt(`${instant}::timestamptz + interval '1 day'`);
}

function firstIdAt(wallTime: string): string {
  const milliseconds = `greatest(extract(epoch from ${wallTime}) * 1000, 0)::bigint`;
  return `(select (lpad(to_hex(${milliseconds}), 12, '0') || repeat('0', 20))::uuid)`;
}

import type { TenantId } from '../../src/kernel/ids.js';
import { addDays, type CalendarDate, localDate } from '../../src/kernel/local-time.js';
import { JudgeCommitments } from '../../src/modules/reminders/application/commitments/judge-commitments.js';
import type { InboundMessage, MessageContent } from '../../src/modules/messaging/index.js';
import { Commands } from '../../src/platform/cqrs/commands.js';
import { OutboxRelay } from '../../src/platform/outbox/outbox-relay.js';
import { type BooksBody, Shop } from '../customers/books.js';
import { type Inbox, NUMBER } from '../conversations/inbox.js';

export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;

export interface Promised {
  readonly id: string;
  readonly answer: string;
  readonly state: string;
  readonly amount_minor: number;
  readonly paid_minor: number;
  readonly promised_for: string;
  readonly judged_at: Date;
  readonly source: string;
  readonly said: string | null;
}

/** A merchant in Kolkata, and a customer of theirs who writes. */
export class Debtor {
  private constructor(
    readonly inbox: Inbox,
    readonly shop: Shop,
    readonly customer: BooksBody,
  ) {}

  static async open(inbox: Inbox, more: object = {}): Promise<Debtor> {
    const shop = await Shop.open(inbox);
    return new Debtor(inbox, shop, await shop.customer(more));
  }

  /** The customer's day, so many days from now. */
  day(ahead: number): CalendarDate {
    return addDays(localDate(this.inbox.clock.now(), 'Asia/Kolkata'), ahead);
  }

  get tenant(): TenantId {
    return this.shop.tenantId;
  }

  owe(amountMinor: number, dueDate: string = this.day(0), more: object = {}): Promise<BooksBody> {
    return this.shop.due(this.customer.id, amountMinor, dueDate, more);
  }

  /** The customer writes. @returns what they are answered */
  async writes(text: string, more: Partial<InboundMessage> = {}): Promise<string[]> {
    return this.#arrives(this.inbox.message(this.#from, text, more));
  }

  /** The customer taps a quick reply of a reminder. @returns what they are answered */
  async taps(id: string, contextWamid = 'wamid.reminder'): Promise<string[]> {
    const body = { type: 'tap', source: 'template', id, title: 'A button' } as const;
    return this.#arrives(this.inbox.message(this.#from, body, { contextWamid }));
  }

  async lastAnswer(): Promise<MessageContent | undefined> {
    return (await this.inbox.answers(this.tenant)).at(-1)?.content;
  }

  promises(): Promise<Promised[]> {
    return this.shop.sql<Promised>(
      `select id, answer, state, amount_minor::float8, paid_minor::float8, promised_for::text, judged_at, source, said from commitment order by id`,
    );
  }

  async due(id: string): Promise<{
    reminderPausedUntil: string | null;
    commitmentStatus: string | null;
    expectedPaymentDate: string | null;
  }> {
    return (await this.shop.show(`dues/${id}`)) as never;
  }

  /** What a worker does when promises are due. */
  judge(): Promise<Date | undefined> {
    return this.inbox.in(this.tenant, () => this.inbox.get(Commands).execute(new JudgeCommitments()));
  }

  /** What a worker does with events. */
  async deliver(): Promise<void> {
    const { signal } = new AbortController();
    // Events are due by the database's clock, which does not stand.
    await this.shop.sql(`update outbox_event set next_at = '2000-01-01' where state = 'pending'`);
    for (let shard = 0; shard < 4; shard++)
      await this.inbox.in(this.tenant, () =>
        this.inbox.get(OutboxRelay).drain({ key: `${this.tenant}:${shard}`, tenantId: this.tenant, deaths: 0, signal }),
      );
  }

  /** A number of the merchant's that may send. */
  async connect(): Promise<void> {
    await this.shop.sql(
      `with account as (
         insert into whatsapp_account (tenant_id, id, waba_id, status, setup_status, access_token, connected_at, updated_at)
         values ($1::uuid, gen_random_uuid(), $2, 'connected', 'COMPLETED', '\\x00', now(), now()) returning id)
       insert into phone_number (tenant_id, phone_number_id, account_id, display_phone_number, created_at, updated_at)
       select $1::uuid, $2, id, '+15550000000', now(), now() from account`,
      [this.tenant, NUMBER],
    );
  }

  get #from(): { waId: string } {
    return { waId: this.customer.phone!.slice(1) };
  }

  async #arrives(message: InboundMessage): Promise<string[]> {
    const before = (await this.inbox.texts(this.tenant)).length;
    await this.inbox.arrive(this.tenant, message);
    return (await this.inbox.texts(this.tenant)).slice(before);
  }
}

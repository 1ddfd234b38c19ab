import { newId, type TenantId } from '../../src/kernel/ids.js';
import { FindDiscrepancies } from '../../src/modules/customers/index.js';
import { Queries } from '../../src/platform/cqrs/commands.js';
import { Inbox } from '../conversations/inbox.js';

export interface MoneyBody {
  readonly amountMinor: number;
  readonly currency: string;
}

/** Whatever an answer about customers and their books holds; which of it, the tests say. */
export interface BooksBody {
  readonly id: string;
  readonly customerId: string;
  readonly code: string;
  readonly dueId: string;
  readonly paymentId: string;
  readonly name: string | null;
  readonly phone: string | null;
  readonly identities: readonly { kind: string; value: string }[];
  readonly status: string;
  readonly dueDate: string;
  readonly amount: MoneyBody;
  readonly outstanding: MoneyBody;
  readonly currentDue: MoneyBody;
  readonly credit: MoneyBody;
  readonly reminders: readonly { stage: string; scheduledFor: string }[];
  readonly data: readonly BooksBody[];
  readonly nextCursor: string | null;
}

export const inr = (amountMinor: number): MoneyBody => ({ amountMinor, currency: 'INR' });

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** A merchant who keeps books, over HTTP. */
export class Shop {
  #numbers = 0;

  private constructor(
    readonly inbox: Inbox,
    readonly tenantId: TenantId,
    readonly apiKey: string,
  ) {}

  static async open(inbox: Inbox): Promise<Shop> {
    const { tenantId, apiKey } = await inbox.merchant();
    return new Shop(inbox, tenantId, apiKey);
  }

  call(method: Method, path: string, body?: object): Promise<{ status: number; body: BooksBody }> {
    return this.inbox.call<BooksBody>(method, `/v1/${path}`, this.apiKey, body);
  }

  async customer(more: object = {}): Promise<BooksBody> {
    const phone = `+9198000${String(++this.#numbers).padStart(5, '0')}`;
    const { status, body } = await this.call('POST', 'customers', { name: 'Asha', phone, ...more });
    expect({ status, body }).toMatchObject({ status: 201 });
    return body;
  }

  async due(customerId: string, amountMinor: number, dueDate = '2026-12-01', more: object = {}): Promise<BooksBody> {
    const { status, body } = await this.call('POST', `customers/${customerId}/dues`, {
      amount: inr(amountMinor),
      dueDate,
      ...more,
    });
    expect({ status, body }).toMatchObject({ status: 201 });
    return body;
  }

  pay(customerId: string, amountMinor: number, more: object = {}): Promise<{ status: number; body: BooksBody }> {
    return this.call('POST', `customers/${customerId}/payments`, { amount: inr(amountMinor), ...more });
  }

  async show(path: string): Promise<BooksBody> {
    const { status, body } = await this.call('GET', path);
    expect({ status, body }).toMatchObject({ status: 200 });
    return body;
  }

  sql<Row extends object>(text: string, parameters: unknown[] = []): Promise<Row[]> {
    return this.inbox.sql<Row>(this.tenantId, text, parameters);
  }

  /** Customers whose books do not add up (C68): always none. */
  discrepancies(): Promise<readonly string[]> {
    return this.inbox.in(this.tenantId, () => this.inbox.get(Queries).execute(new FindDiscrepancies()));
  }
}

export const unknownId = (): string => newId();

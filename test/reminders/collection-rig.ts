import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { AppModule } from '../../src/app.module.js';
import { Clock } from '../../src/kernel/clock.js';
import { newId, tenantId, type TenantId } from '../../src/kernel/ids.js';
import {
  type OutgoingMessage,
  type Sender,
  WhatsApp,
} from '../../src/modules/messaging/application/outbound/whatsapp.js';
import type { SendOutcome } from '../../src/modules/messaging/domain/send-outcome.js';
import { Commands } from '../../src/platform/cqrs/commands.js';
import { TenantScope } from '../../src/platform/database/tenant-scope.js';
import { UnitOfWork } from '../../src/platform/database/unit-of-work.js';
import { Vault } from '../../src/platform/encryption/vault.js';
import { APPLICATION_OPTIONS, configureHttp } from '../../src/platform/http/configure-http.js';
import { fastifyAdapter } from '../../src/platform/http/fastify-adapter.js';
import { Doorbell } from '../../src/platform/lanes/doorbell.js';
import { testConfig } from '../setup/config.js';
import { createTestDatabase, type TestDatabase } from '../setup/database.js';

/** One POST, as the provider saw it. */
export interface Posted {
  readonly to: string;
  readonly content: OutgoingMessage['content'];
  /** Business time. */
  readonly at: Date;
}

/** The provider: accepts, unless the test says otherwise, and keeps what it was sent. Shared by all processes of a rig. */
export class RecordingProvider extends WhatsApp {
  readonly posted: Posted[] = [];
  answer: (message: OutgoingMessage) => SendOutcome | Promise<SendOutcome> = () => ({
    kind: 'accepted',
    wamid: `wamid.${newId()}`,
  });

  constructor(private readonly now: () => Date) {
    super();
  }

  async send(_: Sender, message: OutgoingMessage, signal?: AbortSignal): Promise<SendOutcome> {
    if (signal?.aborted) return { kind: 'deferred', retryAt: this.now() };
    this.posted.push({ to: message.to.value, content: message.content, at: this.now() });
    return this.answer(message);
  }

  markAsRead(): Promise<SendOutcome> {
    return Promise.resolve({ kind: 'accepted', wamid: '' });
  }
}

type Role = 'all' | 'api' | 'worker';

export interface Merchant {
  readonly tenantId: TenantId;
  readonly phoneNumberId: string;
}

/** A customer with one due and one reminder of it. */
export interface Debt {
  readonly customerId: string;
  readonly dueId: string;
  readonly reminderId: string;
  readonly phone: string;
}

/** The whole application, several times over, on one database; what leaves it ends in a recording provider. The business clock can be moved. */
export class CollectionRig {
  apps: readonly NestFastifyApplication[] = [];
  readonly provider = new RecordingProvider(() => this.now());

  private constructor(
    private readonly database: TestDatabase,
    private readonly roles: readonly Role[],
  ) {}

  /** @param roles one process each */
  static async open(...roles: Role[]): Promise<CollectionRig> {
    const rig = new CollectionRig(await createTestDatabase(), roles);
    await rig.#start({});
    return rig;
  }

  /** All processes stop and start again with these environment variables. */
  async restart(environment: Record<string, string>): Promise<void> {
    await this.#stop();
    await this.#start(environment);
  }

  async close(): Promise<void> {
    await this.#stop();
    await this.database.drop();
  }

  async #start(environment: Record<string, string>): Promise<void> {
    for (const role of this.roles) {
      const config = testConfig(this.database, { ROLE: role, SANDBOX: '1', ...environment });
      const module = await Test.createTestingModule({ imports: [AppModule.of(config)] })
        .overrideProvider(WhatsApp)
        .useValue(this.provider)
        .compile();
      const app = module.createNestApplication<NestFastifyApplication>(fastifyAdapter(config), APPLICATION_OPTIONS);
      app.useLogger(false);
      configureHttp(app);
      this.apps = [...this.apps, app];
      await app.init();
    }
  }

  async #stop(): Promise<void> {
    await Promise.all(this.apps.map((app) => app.close()));
    this.apps = [];
  }

  get<T>(type: abstract new (...given: never[]) => T, process = 0): T {
    return this.apps[process]!.get<T>(type, { strict: false });
  }

  as<T>(merchant: Merchant, work: () => Promise<T>, process = 0): Promise<T> {
    return this.get(TenantScope, process).run(merchant.tenantId, work);
  }

  execute<Result>(merchant: Merchant, command: Parameters<Commands['execute']>[0], process = 0): Promise<Result> {
    return this.as(merchant, () => this.get(Commands, process).execute(command), process) as Promise<Result>;
  }

  sql<Row extends object>(merchant: Merchant, text: string, parameters: unknown[] = []): Promise<Row[]> {
    return this.as(merchant, () => this.get(UnitOfWork).runSql((sql) => sql.query<Row>(text, parameters)));
  }

  now(): Date {
    return this.get(Clock).now();
  }

  /** The clock jumps, as after an outage: nothing is done in between. Resolves when every process has noticed. */
  async jump(merchant: Merchant, milliseconds: number): Promise<void> {
    const target = this.now().getTime() + milliseconds;
    await this.sql(merchant, 'update business_clock set offset_ms = offset_ms + $1 where id = 1', [milliseconds]);
    while (this.apps.some((app) => app.get(Clock, { strict: false }).now().getTime() < target))
      await new Promise((resolve) => setTimeout(resolve, 20));
  }

  /** A merchant with a connected number, who may contact customers at any hour. @param throughput messages a second */
  async merchant(throughput = 100_000): Promise<Merchant> {
    const merchant = {
      tenantId: tenantId(newId()),
      phoneNumberId: String(BigInt(`0x${newId().replaceAll('-', '')}`)).slice(-15),
    };
    const accountId = newId();
    await this.as(merchant, () =>
      this.get(UnitOfWork).run(async () => {
        const { sql } = this.get(UnitOfWork);
        const token = await this.get(Vault).seal('token', {
          table: 'whatsapp_account',
          column: 'access_token',
          row: accountId,
        });
        await sql.query(
          `insert into tenant (id, name, country, timezone, currency, locale, created_at, updated_at)
           values ($1::uuid, 'Asha Traders', 'IN', 'Asia/Kolkata', 'INR', 'en-IN', now(), now())`,
          [merchant.tenantId],
        );
        await sql.query(
          `insert into whatsapp_account (tenant_id, id, waba_id, status, setup_status, access_token, connected_at, updated_at)
           values ($1::uuid, $2::uuid, $3, 'connected', 'COMPLETED', $4, now(), now())`,
          [merchant.tenantId, accountId, merchant.phoneNumberId, token],
        );
        await sql.query(
          `insert into phone_number (tenant_id, phone_number_id, account_id, display_phone_number, throughput, created_at, updated_at)
           values ($1::uuid, $2, $3::uuid, '+15550000000', $4::int, now(), now())`,
          [merchant.tenantId, merchant.phoneNumberId, accountId, throughput],
        );
        await sql.query(
          `insert into contact_policy (tenant_id, version, allowed_from, allowed_until, weekdays, holidays, late_after_minutes, updated_at)
           values ($1::uuid, 1, '00:00', '24:00', '{1,2,3,4,5,6,7}', '{}', 720, now())`,
          [merchant.tenantId],
        );
      }),
    );
    return merchant;
  }

  /** Customers who owe ₹5,000.00 since today, each with one reminder, set-based. @param dueIn milliseconds from now until the reminders are due */
  async debts(merchant: Merchant, count: number, dueIn = 0): Promise<Debt[]> {
    const debts = Array.from({ length: count }, (_, n): Debt => ({
      customerId: newId(),
      dueId: newId(),
      reminderId: newId(),
      phone: `91${String(7_000_000_000 + this.#phones + n)}`,
    }));
    this.#phones += count;
    const parameters = [
      merchant.tenantId,
      debts.map(({ customerId }) => customerId),
      debts.map(({ dueId }) => dueId),
      debts.map(({ reminderId }) => reminderId),
      debts.map(({ phone }) => phone),
      dueIn,
    ];
    const given = `unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::text[]) as d (customer_id, due_id, reminder_id, phone), (select $6::float8 as due_in) i`;
    const each = (table: string, columns: string, values: string): Promise<unknown> =>
      this.sql(
        merchant,
        `insert into ${table} (tenant_id, ${columns}) select $1::uuid, ${values} from ${given}`,
        parameters,
      );
    await each('contact', 'id, name, created_at, updated_at', `customer_id, 'Customer ' || phone, now(), now()`);
    await each('contact_identity', 'kind, value, contact_id, created_at', `'phone', '+' || phone, customer_id, now()`);
    await each(
      'customer',
      'id, currency, balance_minor, created_at, updated_at',
      `customer_id, 'INR', 500000, now(), now()`,
    );
    await each(
      'due',
      'id, customer_id, amount_minor, currency, due_date, created_at, updated_at',
      `due_id, customer_id, 500000, 'INR', (business_now() at time zone 'Asia/Kolkata')::date, now(), now()`,
    );
    await each(
      'ledger_entry',
      'id, customer_id, type, amount_minor, balance_after_minor, currency, due_id, recorded_by, occurred_at',
      `gen_random_uuid(), customer_id, 'DUE_ADDED', 500000, 500000, 'INR', due_id, 'system', now()`,
    );
    await each(
      'reminder',
      'id, customer_id, due_id, kind, stage, step, local_date, planned_for, scheduled_for, status, source, created_at, updated_at',
      `reminder_id, customer_id, due_id, 'PAYMENT_DUE', 'due_today', 0, (business_now() at time zone 'Asia/Kolkata')::date,
       business_now() + make_interval(secs => due_in / 1000), business_now() + make_interval(secs => due_in / 1000), 'pending', 'auto', now(), now()`,
    );
    return debts;
  }
  #phones = 0;

  /** The merchant's dues are due in a month, and their reminders early ones: no midnight that a test passes changes what they are. */
  async notDueForDays(merchant: Merchant): Promise<void> {
    await this.sql(merchant, 'update due set due_date = due_date + 30');
    await this.sql(merchant, `update reminder set stage = 'before_due', step = 30`);
  }

  /** Says that the merchant's reminders are worth a look. */
  async ring(merchant: Merchant): Promise<void> {
    await this.sql(
      merchant,
      `insert into lane_ring (kind, key, tenant_id, due_at) values ('reminders', $1::text, $1::uuid, business_now())`,
      [merchant.tenantId],
    );
    this.apps.forEach((app) => app.get(Doorbell, { strict: false }).ring('reminders'));
  }

  /** How many reminders have which status. */
  async statuses(merchant: Merchant): Promise<Record<string, number>> {
    const rows = await this.sql<{ status: string; n: number }>(
      merchant,
      'select status, count(*)::int as n from reminder group by status',
    );
    return Object.fromEntries(rows.map(({ status, n }) => [status, n]));
  }
}

import { AsyncLocalStorage } from 'node:async_hooks';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { PrismaPg } from '@prisma/adapter-pg';
import { PrismaClient, type Prisma } from './generated/client.js';
import { DatabasePools, type SqlExecutor } from './pools.js';
import { isTransient } from './database-errors.js';
import { TenantScope } from './tenant-scope.js';

interface OpenTransaction {
  readonly tenantId: string;
  readonly sql: SqlExecutor;
  readonly prisma: Prisma.TransactionClient | undefined;
  readonly afterCommit: (() => void)[];
}

const OPEN_SCOPE = `select set_config('app.tenant_id', $1, true)`;
const TRIES = 4;

/**
 * One transaction a use case (architecture, rule 1): state, outgoing messages and events commit together or not at all.
 * The tenant scope is the first statement. Work inside joins the transaction that is open; nothing inside may call out over HTTP.
 * Deadlocks and serialization failures are run again, so work must have no effect outside the database but through `afterCommit`.
 */
@Injectable()
export class UnitOfWork implements OnApplicationShutdown {
  readonly #open = new AsyncLocalStorage<OpenTransaction>();
  readonly #background = new AsyncLocalStorage<true>();
  readonly #forRequests: PrismaClient;
  readonly #forBackground: PrismaClient;

  constructor(
    private readonly pools: DatabasePools,
    private readonly scope: TenantScope,
  ) {
    this.#forRequests = new PrismaClient({ adapter: new PrismaPg(pools.requests) });
    this.#forBackground = new PrismaClient({ adapter: new PrismaPg(pools.background) });
  }

  /** Lets everything inside use the connections of background work, where patience is worth more than a quick no. */
  inBackground<T>(work: () => Promise<T>): Promise<T> {
    return this.#background.run(true, work);
  }

  /** The pool of whoever asks: for reads that must come before a tenant is known. */
  get pool(): DatabasePools['requests'] {
    return this.#background.getStore() ? this.pools.background : this.pools.requests;
  }

  /** Runs a use case in a Prisma transaction of the current tenant, or in the one that is open. */
  run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#open.getStore()) return this.#join(work);
    return this.#again(() => {
      const tenantId = this.scope.tenantId;
      const afterCommit: (() => void)[] = [];
      const patient = this.#background.getStore() === true;
      const done = (patient ? this.#forBackground : this.#forRequests).$transaction(
        async (prisma) => {
          await prisma.$queryRawUnsafe(OPEN_SCOPE, tenantId);
          const sql: SqlExecutor = { query: (text, parameters = []) => prisma.$queryRawUnsafe(text, ...parameters) };
          return this.#open.run({ tenantId, sql, prisma, afterCommit }, work);
        },
        { maxWait: patient ? 15_000 : 2000, timeout: 10_000 },
      );
      return done.then((result) => (afterCommit.forEach((effect) => effect()), result));
    });
  }

  /** The same for set-based statements of hot paths: a bare connection, a third of the cost, no Prisma inside. */
  runSql<T>(work: (sql: SqlExecutor) => Promise<T>): Promise<T> {
    const open = this.#open.getStore();
    if (open) return this.#join(() => work(open.sql));
    return this.#again(async () => {
      const tenantId = this.scope.tenantId;
      const afterCommit: (() => void)[] = [];
      const connection = await this.pool.connect();
      let broken = false;
      try {
        const sql: SqlExecutor = {
          query: async <Row extends object>(text: string, parameters: readonly unknown[] = []) =>
            (await connection.query<Row>(text, [...parameters])).rows,
        };
        // Both in one round trip: it is a quarter of a short transaction.
        await connection.query(
          `begin; select set_config('app.tenant_id', ${connection.escapeLiteral(tenantId)}, true)`,
        );
        const result = await this.#open.run({ tenantId, sql, prisma: undefined, afterCommit }, () => work(sql));
        await connection.query('commit');
        afterCommit.forEach((effect) => effect());
        return result;
      } catch (error) {
        await connection.query('rollback').catch(() => (broken = true));
        throw error;
      } finally {
        connection.release(broken);
      }
    });
  }

  /** Prisma inside the open transaction. @throws Error outside of one, or inside `runSql` */
  get prisma(): Prisma.TransactionClient {
    const prisma = this.#require().prisma;
    if (!prisma) throw new Error('This transaction was opened by runSql: use UnitOfWork.sql, or open it by run');
    return prisma;
  }

  /** Statements inside the open transaction, however it was opened. @throws Error outside of one */
  get sql(): SqlExecutor {
    return this.#require().sql;
  }

  /** Runs `effect` once the open transaction has committed, never if it rolls back. */
  afterCommit(effect: () => void): void {
    this.#require().afterCommit.push(effect);
  }

  get isOpen(): boolean {
    return this.#open.getStore() !== undefined;
  }

  /** Called by whatever calls out over HTTP: a connection held for a stranger's answer is how pools run dry. */
  forbidInside(what: string): void {
    if (this.isOpen) throw new Error(`${what} inside a transaction: do it before or after`);
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([this.#forRequests.$disconnect(), this.#forBackground.$disconnect()]);
  }

  async #join<T>(work: () => Promise<T>): Promise<T> {
    const { tenantId } = this.#require();
    if (tenantId !== this.scope.tenantId)
      throw new Error('A transaction belongs to one tenant: it cannot be joined from the scope of another');
    return work();
  }

  #require(): OpenTransaction {
    const open = this.#open.getStore();
    if (!open) throw new Error('No transaction is open: run the use case through Commands, Queries or UnitOfWork.run');
    return open;
  }

  async #again<T>(attempt: () => Promise<T>): Promise<T> {
    for (let tries = 1; ; tries++) {
      try {
        return await attempt();
      } catch (error) {
        if (tries >= TRIES || !isTransient(error)) throw error;
      }
    }
  }
}

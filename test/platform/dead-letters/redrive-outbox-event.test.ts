import { Injectable } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DomainEvent } from '../../../src/kernel/domain-event.js';
import { newId, tenantId } from '../../../src/kernel/ids.js';
import { TenantScope } from '../../../src/platform/database/tenant-scope.js';
import { UnitOfWork } from '../../../src/platform/database/unit-of-work.js';
import { DeadLetterDesk } from '../../../src/platform/dead-letters/dead-letter-desk.js';
import { DeadLetterDeskModule } from '../../../src/platform/dead-letters/dead-letter-desk.module.js';
import { Outbox } from '../../../src/platform/outbox/outbox.js';
import { OutboxModule } from '../../../src/platform/outbox/outbox.module.js';
import { Reaction, ReactsTo } from '../../../src/platform/outbox/reaction.js';
import { testConfig } from '../../setup/config.js';
import { createTestDatabase, type TestDatabase } from '../../setup/database.js';
import { until } from '../../setup/until.js';
import { startApplication } from '../http/application.js';

class Told extends DomainEvent {
  readonly type = 'test.told';
  readonly payload = {};
  constructor(readonly aggregateId: string) {
    super();
  }
}

const effects = { steady: 0, stubborn: 0, isMended: false };

@Injectable()
@ReactsTo(['test.told'])
class Steady extends Reaction {
  on(): Promise<void> {
    effects.steady++;
    return Promise.resolve();
  }
}

@Injectable()
@ReactsTo(['test.told'])
class Stubborn extends Reaction {
  on(): Promise<void> {
    if (!effects.isMended) return Promise.reject(new Error('not yet'));
    effects.stubborn++;
    return Promise.resolve();
  }
}

describe('An event that a reaction refused to the end', () => {
  const tenant = tenantId(newId());
  let database: TestDatabase;
  let app: NestFastifyApplication;

  const inTenant = <T>(work: () => Promise<T>): Promise<T> =>
    app.get(TenantScope).run(tenant, () => app.get(UnitOfWork).run(work));
  const query = <Row extends object>(statement: string): Promise<Row[]> =>
    inTenant(() => app.get(UnitOfWork).sql.query<Row>(statement));

  beforeAll(async () => {
    database = await createTestDatabase();
    app = await startApplication(testConfig(database), {
      imports: [OutboxModule, DeadLetterDeskModule],
      providers: [Steady, Stubborn],
    });
  });
  afterAll(async () => {
    await app.close();
    await database.drop();
  });

  it('is delivered by a retry once the cause is mended, and only to the reaction that had refused it', async () => {
    await inTenant(() => app.get(Outbox).append([new Told('a')]));
    await until(async () => (await query<{ tries: number }>('select tries from outbox_event'))[0]?.tries === 1);
    // Four more tries later, without the waiting between them.
    await query(`update outbox_event set tries = 4, next_at = now()`);
    await query(`insert into lane_ring (kind, key, tenant_id, due_at)
      select 'outbox', tenant_id || ':' || shard, tenant_id, now() from outbox_event`);
    const letter = await until(async () => {
      const { data } = await inTenant(() =>
        app.get(DeadLetterDesk, { strict: false }).list({ state: 'open' }, 1, undefined),
      );
      return data[0];
    });
    expect(letter).toMatchObject({ kind: 'outbox', lastError: 'not yet' });

    effects.isMended = true;
    const decided = await app
      .get(TenantScope)
      .run(tenant, () => app.get(DeadLetterDesk, { strict: false }).retry(letter.id, 'user:1'));
    expect(decided).toMatchObject({ state: 'retried' });
    await until(
      async () => (await query<{ state: string }>('select state from outbox_event'))[0]?.state === 'delivered',
    );
    expect(effects).toMatchObject({ steady: 1, stubborn: 1 });
  });
});

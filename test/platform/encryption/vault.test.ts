import { type INestApplicationContext, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import fc from 'fast-check';
import { newId, tenantId, type TenantId } from '../../../src/kernel/ids.js';
import { ConfigModule } from '../../../src/platform/config/config.module.js';
import { DatabaseModule } from '../../../src/platform/database/database.module.js';
import { TenantScope } from '../../../src/platform/database/tenant-scope.js';
import { UnitOfWork } from '../../../src/platform/database/unit-of-work.js';
import { SealBroken } from '../../../src/platform/encryption/aead.js';
import { DataKeys } from '../../../src/platform/encryption/data-keys.js';
import { EncryptionModule } from '../../../src/platform/encryption/encryption.module.js';
import { KekMissing } from '../../../src/platform/encryption/key-encryption.js';
import { type Place, Vault } from '../../../src/platform/encryption/vault.js';
import { testConfig } from '../../setup/config.js';
import { createTestDatabase, type TestDatabase } from '../../setup/database.js';

const kek = (id: string): string => `${id}:${Buffer.alloc(32, id).toString('base64')}`;
const PLACE: Place = { table: 'whatsapp_account', column: 'access_token', row: 'r1' };

/** A process with the ring that its operator gave it. */
class Process {
  private constructor(private readonly context: INestApplicationContext) {}

  static async start(database: TestDatabase, ...ring: string[]): Promise<Process> {
    @Module({
      imports: [
        ConfigModule.of(testConfig(database, { ENCRYPTION_KEYS: ring.map(kek).join(',') })),
        DatabaseModule,
        EncryptionModule,
      ],
    })
    class OnlyEncryption {}
    return new Process(await NestFactory.createApplicationContext(OnlyEncryption, { logger: false }));
  }

  stop(): Promise<void> {
    return this.context.close();
  }

  in<T>(tenant: TenantId, work: () => Promise<T>): Promise<T> {
    return this.context.get(TenantScope).run(tenant, work);
  }

  seal(tenant: TenantId, text: string, place = PLACE): Promise<Uint8Array> {
    return this.in(tenant, () => this.context.get(Vault).seal(text, place));
  }

  open(tenant: TenantId, sealed: Uint8Array, place = PLACE): Promise<string> {
    return this.in(tenant, () => this.context.get(Vault).open(sealed, place));
  }

  rewrap(tenant: TenantId): Promise<number> {
    return this.in(tenant, () => this.context.get(DataKeys).rewrap());
  }

  get unitOfWork(): UnitOfWork {
    return this.context.get(UnitOfWork);
  }

  keksOf(tenant: TenantId): Promise<string[]> {
    return this.in(tenant, () =>
      this.unitOfWork.runSql(async (sql) =>
        (await sql.query<{ kek_id: string }>('select kek_id from tenant_data_key order by id')).map(
          ({ kek_id }) => kek_id,
        ),
      ),
    );
  }
}

describe('A sealed secret', () => {
  const processes: Process[] = [];
  let database: TestDatabase;
  let home: Process;
  const [alice, bob] = [tenantId(newId()), tenantId(newId())] as const;

  const start = async (...ring: string[]): Promise<Process> => {
    const started = await Process.start(database, ...ring);
    processes.push(started);
    return started;
  };

  beforeAll(async () => {
    database = await createTestDatabase();
    home = await start('k1');
  });
  afterAll(async () => {
    await Promise.all(processes.map((process) => process.stop()));
    await database.drop();
  });

  it('opens where it stands, in whatever process (C31)', async () => {
    const elsewhere = await start('k1');
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme' }), fc.string(), async (text, row) => {
        const sealed = await home.seal(alice, text, { ...PLACE, row });
        expect(await elsewhere.open(alice, sealed, { ...PLACE, row })).toBe(text);
      }),
      { numRuns: 50 },
    );
  });

  it('never looks the same twice, and shows nothing of its text', async () => {
    const [first, second] = [await home.seal(alice, 'EAAG-secret'), await home.seal(alice, 'EAAG-secret')];
    expect(Buffer.from(first).equals(Buffer.from(second))).toBe(false);
    expect(Buffer.from(first).includes('EAAG')).toBe(false);
  });

  it('does not open for another tenant, table, column or row (M19, F63)', async () => {
    const sealed = await home.seal(alice, 'secret');
    await home.seal(bob, 'his own');
    const elsewhere: [TenantId, Partial<Place>][] = [
      [bob, {}],
      [alice, { table: 'other' }],
      [alice, { column: 'other' }],
      [alice, { row: 'r2' }],
      [alice, { table: 'whatsapp_account","access_token', column: '' }],
    ];
    for (const [tenant, place] of elsewhere)
      await expect(home.open(tenant, sealed, { ...PLACE, ...place })).rejects.toThrow(SealBroken);
  });

  it("does not open for a tenant that got another's data key row, too", async () => {
    const carol = tenantId(newId());
    const sealed = await home.seal(alice, 'secret');
    const rows = await home.in(alice, () =>
      home.unitOfWork.runSql((sql) =>
        sql.query<{ id: string; kek_id: string; wrapped_key: Buffer }>(
          'select id, kek_id, wrapped_key from tenant_data_key',
        ),
      ),
    );
    const { id, kek_id, wrapped_key } = rows[0]!;
    await home.in(carol, () =>
      home.unitOfWork.runSql((sql) =>
        sql.query('insert into tenant_data_key values ($1, $2, $3, $4, now())', [carol, id, kek_id, wrapped_key]),
      ),
    );
    await expect(home.open(carol, sealed)).rejects.toThrow(SealBroken);
  });

  it('does not open when anything of it was changed or cut (M18, F63)', async () => {
    const sealed = await home.seal(alice, 'secret');
    for (let length = 0; length < sealed.length; length++)
      await expect(home.open(alice, sealed.slice(0, length))).rejects.toThrow(SealBroken);
    for (let at = 0; at < sealed.length; at++) {
      const changed = sealed.slice();
      changed[at]! ^= 1;
      await expect(home.open(alice, changed)).rejects.toThrow(SealBroken);
    }
  });

  it('of twenty first secrets at once all have one data key, and all open', async () => {
    const dora = tenantId(newId());
    const sealed = await Promise.all(Array.from({ length: 20 }, (_, n) => home.seal(dora, `secret ${n}`)));
    expect(await Promise.all(sealed.map((one) => home.open(dora, one)))).toEqual(sealed.map((_, n) => `secret ${n}`));
    expect(await home.keksOf(dora)).toEqual(['k1']);
  });

  it('whose transaction is undone leaves no key behind that others would rely on', async () => {
    const eve = tenantId(newId());
    const undone = home.in(eve, () =>
      home.unitOfWork.run(async () => {
        await home.seal(eve, 'never committed');
        throw new Error('undone');
      }),
    );
    await expect(undone).rejects.toThrow('undone');
    const sealed = await home.seal(eve, 'committed');
    expect(await (await start('k1')).open(eve, sealed)).toBe('committed');
  });

  it('survives a rotation of the ring while it is being read and written (F63)', async () => {
    const tenants = Array.from({ length: 10 }, () => tenantId(newId()));
    const sealed = new Map<TenantId, Uint8Array[]>();
    for (const tenant of tenants) sealed.set(tenant, [await home.seal(tenant, tenant)]);
    const [between, after] = [await start('k1', 'k2'), await start('k2', 'k1')];
    // `home` has not learned k2; it remembers the keys that it has unwrapped.
    let [working, opened] = [true, 0];
    const users = [home, between, after].map(async (process, n) => {
      while (working) {
        for (const tenant of tenants) {
          const mine = sealed.get(tenant)!;
          expect(await process.open(tenant, mine[opened++ % mine.length]!)).toBe(tenant);
          if (n > 0) mine.push(await process.seal(tenant, tenant));
        }
        // Remembered keys need no input and no output: others must get their turn all the same.
        await new Promise(setImmediate);
      }
    });
    const rewrapping = async (): Promise<void> => {
      for (const expected of [1, 0]) for (const tenant of tenants) expect(await after.rewrap(tenant)).toBe(expected);
    };
    await Promise.all([rewrapping().finally(() => (working = false)), ...users]);
    for (const tenant of tenants) expect(await after.keksOf(tenant)).toEqual(['k2']);

    const retired = await start('k2');
    for (const tenant of tenants)
      for (const one of sealed.get(tenant)!) expect(await retired.open(tenant, one)).toBe(tenant);
  });

  it('names the key that an operator took out of the ring too early', async () => {
    const sealed = await home.seal(alice, 'secret');
    const early = await start('k9');
    await expect(early.open(alice, sealed)).rejects.toThrow(KekMissing);
    await expect(early.open(alice, sealed)).rejects.toThrow(/"k1"/);
  });
});

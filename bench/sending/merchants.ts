import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { NestFactory } from '@nestjs/core';
import pg from 'pg';
import type { TenantId } from '../../src/kernel/ids.js';
import { ROOT } from '../../scripts/child.ts';

export interface Merchant {
  readonly tenantId: TenantId;
  readonly phoneNumberId: string;
}

/** What the application is built of; its types stand in the sources. */
async function built() {
  const load = (path: string): Promise<unknown> => import(join(ROOT, 'dist/src', path));
  return {
    ...((await load('app.module.js')) as typeof import('../../src/app.module.js')),
    ...((await load('platform/config/config.js')) as typeof import('../../src/platform/config/config.js')),
    ...((await load('platform/lanes/doorbell.js')) as typeof import('../../src/platform/lanes/doorbell.js')),
    ...((await load('platform/encryption/vault.js')) as typeof import('../../src/platform/encryption/vault.js')),
    ...((await load(
      'platform/database/tenant-scope.js',
    )) as typeof import('../../src/platform/database/tenant-scope.js')),
    ...((await load(
      'platform/database/unit-of-work.js',
    )) as typeof import('../../src/platform/database/unit-of-work.js')),
  };
}

/** Wakes workers as the application does after a commit. */
export async function startDoorbell(environment: NodeJS.ProcessEnv): Promise<{ ring(): void; close(): Promise<void> }> {
  const { AppModule, readConfig, Doorbell } = await built();
  const config = readConfig({ ...environment, ROLE: 'api' });
  const app = await NestFactory.createApplicationContext(AppModule.of(config), { logger: ['error'] });
  const doorbell = app.get(Doorbell, { strict: false });
  return { ring: () => doorbell.ring('whatsapp-send-queue'), close: () => app.close() };
}

/** Merchants with a connected number each, their tokens sealed by the application's own vault. */
export async function seedMerchants(
  count: number,
  throughput: number,
  environment: NodeJS.ProcessEnv,
): Promise<Merchant[]> {
  const { AppModule, readConfig, Vault, TenantScope, UnitOfWork } = await built();
  const app = await NestFactory.createApplicationContext(AppModule.of(readConfig({ ...environment, ROLE: 'api' })), {
    logger: ['error'],
  });
  const [vault, scope, unitOfWork] = [app.get(Vault), app.get(TenantScope), app.get(UnitOfWork)];
  const merchants = Array.from({ length: count }, (_, n): Merchant => ({
    tenantId: randomUUID() as string as TenantId,
    phoneNumberId: String(300_000_000_000 + n),
  }));
  const seed = ({ tenantId, phoneNumberId }: Merchant): Promise<void> =>
    scope.run(tenantId, () =>
      unitOfWork.run(async () => {
        const accountId = randomUUID();
        const token = await vault.seal(`mock_${phoneNumberId}`, {
          table: 'whatsapp_account',
          column: 'access_token',
          row: accountId,
        });
        const { sql } = unitOfWork;
        await sql.query(
          `insert into tenant (id, name, country, timezone, currency, locale, created_at, updated_at) values ($1::uuid, 'Bench', 'IN', 'Asia/Kolkata', 'INR', 'en', now(), now())`,
          [tenantId],
        );
        await sql.query(
          `insert into whatsapp_account (tenant_id, id, waba_id, status, setup_status, access_token, connected_at, updated_at)
           values ($1::uuid, $2::uuid, $3, 'connected', 'COMPLETED', $4, now(), now())`,
          [tenantId, accountId, `1${phoneNumberId}`, token],
        );
        await sql.query(
          `insert into phone_number (tenant_id, phone_number_id, account_id, display_phone_number, throughput, created_at, updated_at)
           values ($1::uuid, $2, $3::uuid, $4, $5::int, now(), now())`,
          [tenantId, phoneNumberId, accountId, `+${phoneNumberId}`, throughput],
        );
      }),
    );
  for (let at = 0; at < count; at += 10) await Promise.all(merchants.slice(at, at + 10).map(seed));
  await app.close();
  return merchants;
}

/** Queues messages as the application does: rows and rings, each to another customer. */
export async function queueMessages(
  app: pg.Client,
  { tenantId, phoneNumberId }: Merchant,
  count: number,
): Promise<void> {
  await app.query('begin');
  await app.query(`select set_config('app.tenant_id', $1, true)`, [tenantId]);
  await app.query(
    `insert into message (tenant_id, id, phone_number_id, direction, address_kind, address, type, content, category, state, next_at, created_at, updated_at)
     select $1, gen_random_uuid(), $2, 'OUTBOUND', 'phone', (919000000000 + n)::text, 'text', '{"type":"text","body":"Your payment of 5,000 is due today."}', 'payment_reminder', 'queued', now(), now(), now()
     from generate_series(1, $3::int) n`,
    [tenantId, phoneNumberId, count],
  );
  await app.query(
    `insert into lane_ring (kind, key, tenant_id, due_at) values ('whatsapp-send-queue', $1, $2, now())`,
    [phoneNumberId, tenantId],
  );
  await app.query('commit');
}

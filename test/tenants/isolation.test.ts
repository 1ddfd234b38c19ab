import pg from 'pg';
import { newId, PLATFORM, tenantId, type TenantId } from '../../src/kernel/ids.js';
import { DatabasePools } from '../../src/platform/database/pools.js';
import { TenantScope } from '../../src/platform/database/tenant-scope.js';
import { UnitOfWork } from '../../src/platform/database/unit-of-work.js';
import { House, type Merchant } from './house.js';

/** The platform's scope sees all tenants' rows of these, by policies that say so; of others at most what has expired. */
const SEEN_BY_THE_PLATFORM = [
  'dead_letter',
  'flow_edge_count',
  'flow_edge_taken',
  'tenant',
  'tenant_event_head',
  'webhook_event',
];

describe('Two merchants', () => {
  let house: House;
  let alice: Merchant;
  let bob: Merchant;
  beforeAll(async () => {
    house = await House.open();
    [alice, bob] = [await house.merchant(), await house.merchant()];
  });
  afterAll(() => house.close());

  const inScope = <T>(tenant: string, work: (sql: UnitOfWork['sql']) => Promise<T>): Promise<T> =>
    house.app.get(TenantScope).run(tenantId(tenant), () => house.app.get(UnitOfWork).runSql(work));

  it("get 404 for each other's ids on every route (F49, ASVS 8.4.1)", async () => {
    const area = (await house.call('POST', '/v1/areas', bob.accessToken, { name: 'athens' })).body.id;
    const apiKey = (await house.call('POST', '/v1/api-keys', bob.accessToken, { name: 'x', scopes: ['people:read'] }))
      .body.id;
    const routes: [string, string, unknown?][] = [
      ['GET', `/v1/tenants/${bob.tenantId}`],
      ['PATCH', `/v1/tenants/${bob.tenantId}`, { name: 'Taken over' }],
      ['GET', `/v1/users/${bob.userId}`],
      ['PATCH', `/v1/users/${bob.userId}`, { name: 'Taken over' }],
      ['POST', `/v1/users/${bob.userId}/disable`],
      ['POST', `/v1/users/${bob.userId}/enable`],
      ['POST', `/v1/users/${bob.userId}/password`, { newPassword: 'a-taken-over-password' }],
      ['GET', `/v1/areas/${area}`],
      ['PATCH', `/v1/areas/${area}`, { name: 'taken-over' }],
      ['DELETE', `/v1/areas/${area}`],
      ['DELETE', `/v1/api-keys/${apiKey}`],
    ];
    for (const token of [alice.accessToken, alice.apiKey]) {
      for (const [method, path, body] of routes)
        expect({ route: `${method} ${path}`, status: (await house.call(method, path, token, body)).status }).toEqual({
          route: `${method} ${path}`,
          status: 404,
        });
      for (const action of ['suspend', 'resume'])
        expect((await house.call('POST', `/v1/tenants/${bob.tenantId}/${action}`, token)).status).toBe(403);
      for (const list of ['tenants', 'users', 'areas', 'api-keys', 'audit-log']) {
        const text = JSON.stringify((await house.call('GET', `/v1/${list}?limit=100`, token)).body);
        for (const foreign of [bob.tenantId, bob.userId, bob.email, area, apiKey]) expect(text).not.toContain(foreign);
      }
    }
    expect(
      await house.call('POST', '/v1/users', alice.accessToken, {
        email: 'z@m.example',
        password: 'a-colleagues-password',
        name: 'Z',
        role: 'SALES',
        areas: [area],
      }),
    ).toMatchObject({
      status: 422,
      body: { code: 'UNKNOWN_AREA' },
    });
    expect((await house.call('GET', '/v1/auth/me', bob.accessToken)).body).toMatchObject({
      name: 'Asha Rao',
      status: 'active',
    });
  });

  describe("see, change, remove and forge nothing of each other's by row security alone (F50)", () => {
    let tables: string[];
    beforeAll(async () => {
      tables = await plantRows(house, bob.tenantId as TenantId);
    });

    it('in any table that knows tenants', async () => {
      expect(tables.length).toBeGreaterThanOrEqual(20);
      for (const table of tables) {
        const own = table === 'tenant' ? 'id' : 'tenant_id';
        const count = `select count(*)::int as n from ${table} where ${own} = $1::uuid`;
        const change = (verb: string) =>
          inScope(alice.tenantId, (sql) =>
            sql.query(`${verb} where ${own} = $1::uuid returning 1 as one`, [bob.tenantId]),
          );
        const seen = {
          table,
          byOwner: (await inScope(bob.tenantId, (sql) => sql.query<{ n: number }>(count, [bob.tenantId])))[0]!.n > 0,
          byOther: (await inScope(alice.tenantId, (sql) => sql.query<{ n: number }>(count, [bob.tenantId])))[0]!.n,
          unfiltered: (
            await inScope(alice.tenantId, (sql) =>
              sql.query<{ id: string }>(`select distinct ${own} as id from ${table}`),
            )
          ).filter(({ id }) => id !== alice.tenantId),
          changed: (await change(`update ${table} set ${own} = ${own}`)).length,
          removed: (await change(`delete from ${table}`)).length,
          byPlatform: (await inScope(PLATFORM, (sql) => sql.query<{ n: number }>(count, [bob.tenantId])))[0]!.n > 0,
          byNobody: (await house.app.get(DatabasePools).requests.query(`select 1 from ${table}`)).rows,
        };
        expect(seen).toEqual({
          table,
          byOwner: true,
          byOther: 0,
          unfiltered: [],
          changed: 0,
          removed: 0,
          byPlatform: SEEN_BY_THE_PLATFORM.includes(table),
          byNobody: [],
        });
      }
    });

    it('nor write a row in the name of the other', async () => {
      for (const table of tables.filter((name) => name !== 'tenant')) {
        const move = inScope(bob.tenantId, (sql) =>
          sql.query(`update ${table} set tenant_id = $1::uuid where tenant_id = $2::uuid`, [
            alice.tenantId,
            bob.tenantId,
          ]),
        );
        await expect(move).rejects.toMatchObject({ code: '42501' });
      }
      const forged = inScope(alice.tenantId, (sql) =>
        sql.query('insert into area (tenant_id, id, name, created_at) values ($1, $2, $3, now())', [
          bob.tenantId,
          newId(),
          'forged',
        ]),
      );
      await expect(forged).rejects.toMatchObject({ code: '42501' });
    });
  });
});

/** Puts a row of `tenant` into every table of the schema that has a tenant, whatever its columns; returns the tables. */
async function plantRows(house: House, tenant: TenantId): Promise<string[]> {
  const superuserUrl = Object.assign(new URL(process.env['NODUE_TEST_SUPERUSER_URL']!), {
    pathname: new URL(house.database.databaseUrl).pathname,
  });
  const client = new pg.Client({ connectionString: superuserUrl.href });
  await client.connect();
  try {
    await client.query(`set session_replication_role = replica`);
    const { rows: columns } = await client.query<{
      table: string;
      column: string;
      type: string;
      allowed: string | null;
    }>(`
      select c.relname as "table", a.attname as "column", format_type(a.atttypid, null) as type,
        (select substring(pg_get_constraintdef(k.oid) from '''([^'']+)''') from pg_constraint k
          where k.conrelid = c.oid and k.contype = 'c' and a.attnum = any(k.conkey) limit 1) as allowed
      from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
      left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
      where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and c.relrowsecurity and (a.attnotnull and d.oid is null)
      order by c.relname, a.attnum`);
    const tables = [...new Set(columns.map(({ table }) => table))];
    for (const table of tables.filter((name) => name !== 'tenant')) {
      const own = columns.filter((column) => column.table === table);
      const values = own.map(({ column, allowed, type }) =>
        column === 'tenant_id' ? tenant : (allowed ?? sampleOf(type)),
      );
      await client.query(
        `insert into ${table} (${own.map(({ column }) => `"${column}"`).join(', ')}) values (${own.map((_, n) => `$${n + 1}`).join(', ')})`,
        values,
      );
    }
    return tables;
  } finally {
    await client.end();
  }
}

function sampleOf(type: string): unknown {
  if (type === 'uuid') return newId();
  if (type === 'bytea') return Buffer.from('x');
  if (type === 'jsonb') return '{}';
  if (type.startsWith('timestamp')) return '2099-01-01T00:00:00Z';
  if (type === 'date') return '2099-01-01';
  if (type.endsWith('[]')) return [];
  return type === 'text' ? 'planted' : '1';
}

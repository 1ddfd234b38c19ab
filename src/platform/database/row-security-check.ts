import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DatabasePools } from './pools.js';
import { waitForDatabase } from './wait-for-database.js';

/** For so long a start waits for the database. */
const PATIENCE_MS = 30_000;

/** Tables without a tenant: they name work or outside identifiers, and hold nothing of a merchant's. */
const OUTSIDE_ROW_SECURITY = [
  'tenant_directory',
  'lane_ring',
  'lane',
  'webhook_inbox',
  'business_clock',
  '_prisma_migrations',
];

export class UnsafeDatabaseRole extends Error {}

/** Findings about the power of the application's database role and about row security; none means safe (ASVS 8.4.1). */
export async function findUnsafePowers(pools: DatabasePools): Promise<string[]> {
  const { rows: roles } = await pools.background.query<{
    name: string;
    super: boolean;
    bypass: boolean;
    owned: string | null;
  }>(`
    select current_user as name, rolsuper as super, rolbypassrls as bypass,
      (select string_agg(c.relname, ', ') from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where c.relkind in ('r', 'p') and n.nspname = 'public' and pg_has_role(current_user, c.relowner, 'USAGE')) as owned
    from pg_roles where rolname = current_user`);
  const { rows: open } = await pools.background.query<{ table: string }>(
    `select c.relname as "table" from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where n.nspname = 'public' and c.relkind in ('r', 'p') and not (c.relname = any($1))
       and not (c.relrowsecurity and c.relforcerowsecurity
         and exists (select from pg_policy p where p.polrelid = c.oid))`,
    [OUTSIDE_ROW_SECURITY],
  );
  const { rows: migrated } = await pools.background.query<{ yes: boolean }>(
    `select to_regclass('public.tenant') is not null as yes`,
  );
  const role = roles[0]!;
  return [
    ...(migrated[0]!.yes ? [] : ['the database has no tables of NoDue: run "npm run migrate"']),
    ...(role.super ? [`role "${role.name}" is a superuser: row security does not bind it`] : []),
    ...(role.bypass ? [`role "${role.name}" has BYPASSRLS`] : []),
    ...(role.owned
      ? [`role "${role.name}" owns tables (${role.owned}): give DATABASE_URL a role that owns nothing`]
      : []),
    ...open.map(({ table }) => `table "${table}" has no forced row security`),
  ];
}

/** Waits for the database, and refuses to start on a role for which row security would be decoration. */
@Injectable()
export class RowSecurityCheck implements OnModuleInit {
  constructor(private readonly pools: DatabasePools) {}

  async onModuleInit(): Promise<void> {
    await waitForDatabase(this.pools.background, PATIENCE_MS);
    const findings = await findUnsafePowers(this.pools);
    if (findings.length > 0) throw new UnsafeDatabaseRole(`DATABASE_URL is refused: ${findings.join('; ')}`);
  }
}

/** What the cluster holds before any migration: the database, and the two roles that share the work. */
import pg from 'pg';
import { SUPERUSER } from './server.ts';

export const OWNER_ROLE = 'nodue_owner';
export const APP_ROLE = 'nodue_app';
export const DATABASE = 'nodue';

/** Passwords of the three roles, safe in a URL. */
export interface Credentials {
  superuser: string;
  owner: string;
  app: string;
}

/** Makes what is missing; repeating it changes nothing. */
export async function createRolesAndDatabase(port: number, credentials: Credentials): Promise<void> {
  const urlOf = (database: string): string =>
    `postgresql://${SUPERUSER}:${credentials.superuser}@127.0.0.1:${port}/${database}`;
  const connect = async (database: string): Promise<pg.Client> => {
    const client = new pg.Client({ connectionString: urlOf(database) });
    await client.connect();
    return client;
  };
  const exists = async (client: pg.Client, query: string, name: string): Promise<boolean> =>
    (await client.query(query, [name])).rowCount === 1;

  const cluster = await connect('postgres');
  try {
    for (const [role, password] of [
      [OWNER_ROLE, credentials.owner],
      [APP_ROLE, credentials.app],
    ] as const) {
      if (await exists(cluster, 'SELECT 1 FROM pg_roles WHERE rolname = $1', role)) continue;
      await cluster.query(
        `CREATE ROLE ${role} LOGIN PASSWORD '${password}' NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS NOINHERIT`,
      );
    }
    if (await exists(cluster, 'SELECT 1 FROM pg_database WHERE datname = $1', DATABASE)) {
      await addExtensions(urlOf(DATABASE));
      return;
    }
    // The database takes its final name when it is complete, so a start that was killed in between repeats all of it.
    await cluster.query(`DROP DATABASE IF EXISTS ${DATABASE}_unfinished`);
    await cluster.query(`CREATE DATABASE ${DATABASE}_unfinished OWNER ${OWNER_ROLE} TEMPLATE template0`);
    await addExtensions(urlOf(`${DATABASE}_unfinished`));
    const database = await connect(`${DATABASE}_unfinished`);
    try {
      await database.query(`
        ALTER SCHEMA public OWNER TO ${OWNER_ROLE};
        REVOKE ALL ON SCHEMA public FROM PUBLIC;
        REVOKE ALL ON DATABASE ${DATABASE}_unfinished FROM PUBLIC;
        GRANT CONNECT, TEMPORARY ON DATABASE ${DATABASE}_unfinished TO ${APP_ROLE};`);
    } finally {
      await database.end();
    }
    await cluster.query(`ALTER DATABASE ${DATABASE}_unfinished RENAME TO ${DATABASE}`);
  } finally {
    await cluster.end();
  }
}

/** Adds the extensions that NoDue's migrations may count on, and lets search use its indexes under row security (docs/decisions/0005). */
export async function addExtensions(superuserUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: superuserUrl });
  await client.connect();
  try {
    await client.query(`
      CREATE EXTENSION IF NOT EXISTS pg_trgm;
      CREATE EXTENSION IF NOT EXISTS btree_gin;
      CREATE EXTENSION IF NOT EXISTS citext;
      ALTER FUNCTION pg_catalog.texticlike(text, text) LEAKPROOF;`);
  } finally {
    await client.end();
  }
}

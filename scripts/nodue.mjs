#!/usr/bin/env node
// The only file that runs on whatever Node the machine has, before anything is installed: it depends on nothing.
// It installs what is missing, then hands over to Node 24, which is one of the things installed.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const VERBS = [
  'demo',
  'test',
  'start',
  'dev',
  'sandbox',
  'build',
  'migrate',
  'doctor',
  'openapi',
  'bench',
  'coverage:requirements',
];
const BUNDLED_NODE = join(ROOT, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');

const [verb, ...rest] = process.argv.slice(2);
const [major, minor] = process.versions.node.split('.').map(Number);
// Jest runs ES modules that CommonJS packages require from 24.9 on.
const suits = major > 24 || (major === 24 && minor >= 9);

if (major < 20 || (major === 20 && minor < 19))
  fail(`NoDue needs Node 20.19 or later; this is ${process.versions.node}.`);
if (!VERBS.includes(verb)) fail(`Usage: npm run <${VERBS.join(' | ')}>`);

if (!isInstalled()) await install();
const node = suits ? process.execPath : BUNDLED_NODE;
if (!existsSync(node))
  fail('Node 24 could not be installed beside this one. Run NoDue with a Node 24 of yours instead.');
process.exitCode = await handOver(node);

/**
 * Whether node_modules holds what package-lock.json names; npm writes down what it installed when it has finished.
 * What is built already runs without the packages that build it (npm prune --omit=dev).
 */
function isInstalled() {
  if (!suits && !existsSync(BUNDLED_NODE)) return false;
  const onlyRuns = ['start', 'migrate', 'doctor'].includes(verb) && existsSync(join(ROOT, 'dist', '.made-from'));
  const wanted = readPackages('package-lock.json');
  const installed = readPackages('node_modules/.package-lock.json');
  if (!wanted || !installed) return false;
  return Object.entries(wanted).every(
    ([path, { version, optional, dev }]) =>
      path === '' || optional || (dev && onlyRuns) || installed[path]?.version === version,
  );
}

function readPackages(path) {
  try {
    return JSON.parse(readFileSync(join(ROOT, path), 'utf8')).packages;
  } catch {
    return undefined;
  }
}

async function install() {
  console.log('Installing the packages that package-lock.json names (npm ci) ...');
  // npm gives its own location to the scripts that it runs; without it, whichever npm is on the PATH.
  const npm = process.env.npm_execpath;
  const command = npm ? [process.execPath, npm] : [process.platform === 'win32' ? 'npm.cmd' : 'npm'];
  const said = [];
  const code = await new Promise((done) => {
    const child = spawn(command[0], [...command.slice(1), 'ci', '--no-fund', '--no-audit', '--include=dev'], {
      cwd: ROOT,
      stdio: ['ignore', 'inherit', 'pipe'],
      shell: !npm && process.platform === 'win32',
    });
    child.stderr.on('data', (chunk) => {
      said.push(chunk);
      process.stderr.write(chunk);
    });
    child.once('error', () => done(1));
    child.once('close', done);
  });
  if (code !== 0) fail(explain(Buffer.concat(said).toString()));
}

function explain(said) {
  if (/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ECONNRESET|ERR_SOCKET_TIMEOUT/.test(said))
    return 'The package registry cannot be reached. Connect to the network, or name a proxy (npm config set https-proxy ...) or a registry of yours (npm config set registry ...), and start again.';
  if (/E401|E403|E407|EINTEGRITY|CERT|SELF_SIGNED/.test(said))
    return 'The package registry, or a proxy before it, refused a download. The lines above name the package; ask whoever runs it to let it through, and start again.';
  if (/ENOSPC/.test(said)) return 'The disk is full: the packages need about 1 GB. Make room, and start again.';
  if (/EACCES|EPERM|EROFS/.test(said))
    return `This folder cannot be written: ${ROOT}. Give yourself the right to, and start again.`;
  return 'The packages could not be installed; the lines above say why.';
}

/** Runs the verb on Node 24 and passes on what it is told; the channel between them tells it when this process is gone. */
function handOver(node) {
  return new Promise((done) => {
    const child = spawn(node, [join(ROOT, 'scripts', 'verbs.ts'), verb, ...rest], {
      cwd: ROOT,
      stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
      env: { ...process.env, PATH: [dirname(node), process.env.PATH].join(process.platform === 'win32' ? ';' : ':') },
    });
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
    // npm, when it is killed, cannot tell; it stands one or two processes above, as its shell pleases.
    const above = ancestors();
    if (process.env.npm_lifecycle_event) {
      setInterval(() => ancestors() !== above && child.kill('SIGTERM'), 1000).unref();
    }
    child.once('error', (error) => fail(error.message));
    child.once('exit', (code, signal) => done(code ?? (signal ? 1 : 0)));
  });
}

function ancestors() {
  try {
    const stat = readFileSync(`/proc/${process.ppid}/stat`, 'utf8');
    return `${process.ppid} ${stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]}`;
  } catch {
    return String(process.ppid);
  }
}

function fail(message) {
  console.error(message);
  process.exit(1);
}

import { existsSync } from 'node:fs';
import { chown, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { getErrorMessage } from '../../core/errors/thrown';
import { InfraFailure } from '../terminal/failure';
import { readCommandLine, identifyProcess } from '../../platform/processes/identity';
import { run } from '../../platform/processes/run';
import type { Account } from './account';

export const SUPERUSER = 'spillway';

/** What one cluster is made of; `serverArguments` and `initialise` read it. */
export interface Cluster {
  dataDir: string;
  bin: string;
  account: Account;
  port: number;
  host: string;
  password: string;
  /** False for throwaway clusters of tests: a crash of the machine may then lose data. */
  isDurable: boolean;
  majorVersion: number;
}

/** Makes the cluster's files if they are not there. Killed half-way, it starts over: a cluster counts once PG_VERSION exists. */
export async function initialise(cluster: Cluster): Promise<void> {
  if (existsSync(path.join(cluster.dataDir, 'spillway-initialised'))) return;
  for (const name of await readdir(cluster.dataDir)) {
    await rm(path.join(cluster.dataDir, name), { recursive: true, force: true });
  }
  const passwordFile = `${cluster.dataDir}.password`;
  const { uid, gid } = cluster.account;
  await writeFile(passwordFile, cluster.password, { mode: 0o600 });
  try {
    if (uid !== undefined && gid !== undefined) await chown(passwordFile, uid, gid);
    const locale =
      cluster.majorVersion >= 17 ? ['--locale-provider=builtin', '--builtin-locale=C.UTF-8'] : [];
    const args = ['-D', cluster.dataDir, '-U', SUPERUSER, '--auth=scram-sha-256', `--pwfile=${passwordFile}`];
    const speed = cluster.isDurable ? [] : ['--no-sync'];
    // The account has no home that it could enter, hence a folder which it owns.
    const as = { uid, gid, cwd: cluster.dataDir, env: { PATH: process.env.PATH, LC_ALL: 'C' } };
    await run(
      path.join(cluster.bin, 'initdb'),
      [...args, '--encoding=UTF8', '--no-locale', ...locale, ...speed],
      as,
    );
    await writeFile(path.join(cluster.dataDir, 'spillway-initialised'), '');
  } finally {
    await rm(passwordFile, { force: true });
  }
}

/** Arguments of `postgres` in the foreground: loopback only, no socket file, times in UTC. */
export function serverArguments(cluster: Cluster): string[] {
  const settings: Record<string, string | number> = {
    listen_addresses: cluster.host,
    port: cluster.port,
    unix_socket_directories: '',
    max_connections: 200,
    timezone: 'UTC',
    log_timezone: 'UTC',
    password_encryption: 'scram-sha-256',
    ...(cluster.isDurable ? {} : { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }),
  };
  return [
    '-D',
    cluster.dataDir,
    ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
  ];
}

/**
 * Makes way for a start after a crash: a server of this very folder that outlived its supervisor is stopped, and a
 * `postmaster.pid` whose number now belongs to another program is removed (Postgres would refuse to start).
 */
export async function clearLeftovers(dataDir: string): Promise<void> {
  const pidFile = path.join(dataDir, 'postmaster.pid');
  const pid = Number.parseInt(await readFile(pidFile, 'utf8').catch(() => ''), 10);
  if (!Number.isInteger(pid)) return;
  const isOurs = readCommandLine(pid).includes(dataDir);
  if (isOurs) await stopLeftover(pid);
  else await rm(pidFile, { force: true });
}

async function stopLeftover(pid: number): Promise<void> {
  process.kill(pid, 'SIGINT');
  for (let attempt = 0; attempt < 100 && identifyProcess(pid); attempt++) await sleep(100);
  // SIGKILL would leave shared memory behind; SIGQUIT makes Postgres abort and recover at the next start.
  if (identifyProcess(pid)) process.kill(pid, 'SIGQUIT');
}

/** Connection string of a database of the cluster. */
export function buildUrl(cluster: Pick<Cluster, 'host' | 'port' | 'password'>, database: string): string {
  return `postgres://${SUPERUSER}:${encodeURIComponent(cluster.password)}@${cluster.host}:${cluster.port}/${database}`;
}

/** The same database, as another role. */
export function asRole(url: string, role: string, password: string): string {
  const changed = new URL(url);
  changed.username = role;
  changed.password = encodeURIComponent(password);
  return changed.href;
}

/** Asks a real query; throws what the server or the network answered. */
export async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

/**
 * Makes the database if the cluster does not have it.
 * @throws InfraFailure when the password that is kept is not the cluster's
 */
export async function ensureDatabase(cluster: Cluster, name: string): Promise<void> {
  try {
    const found = await query(
      buildUrl(cluster, 'postgres'),
      `select 1 from pg_database where datname = '${name}'`,
    );
    if (found.length === 0) await query(buildUrl(cluster, 'postgres'), `create database "${name}"`);
  } catch (error) {
    if ((error as { code?: string }).code !== '28P01') throw error;
    throw new InfraFailure(
      'PostgreSQL',
      getErrorMessage(error),
      'the state is from another start: use --fresh to start over',
    );
  }
}

import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { query } from '../../infra/postgres/cluster';
import { preparePostgres, type PostgresServer } from '../../infra/postgres/server';
import { launch, type Child } from '../../platform/processes/child';
import { freePort } from '../../platform/processes/ports';
import { waitUntilReady } from '../../platform/processes/ready';

const HOST = '127.0.0.1';
let folder: string;
let port: number;
const children: Child[] = [];

beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'spillway-postgres-'));
  await chmod(folder, 0o711);
  port = await freePort(HOST);
});
afterEach(async () => {
  await Promise.all(children.splice(0).map((child) => child.stop(10_000)));
  await rm(folder, { recursive: true, force: true });
});

async function prepare(stateDir: string, password = 'first'): Promise<PostgresServer> {
  await mkdir(stateDir, { recursive: true });
  return preparePostgres({
    stateDir,
    host: HOST,
    port,
    password,
    isDurable: true,
    logFile: path.join(folder, 'postgres.log'),
    env: process.env,
    runtimeRoots: [path.join(folder, 'elsewhere'), os.tmpdir()],
  });
}

async function run(server: PostgresServer): Promise<Child> {
  const child = await launch(await server.command());
  children.push(child);
  const readiness = await waitUntilReady({
    probe: () => server.probe(),
    deadlineMs: 30_000,
    ended: child.exited,
  });
  expect(readiness).toEqual({ ready: true });
  return child;
}

test('PostgreSQL starts for every user, root included, and keeps what was committed when it is killed', async () => {
  const server = await prepare(path.join(folder, 'state'));
  const child = await run(server);
  await server.ensureDatabase('spillway');
  await query(server.url('spillway'), 'create table kept as select 7 as answer');
  child.kill('SIGKILL');
  await child.exited;
  await run(server);
  await server.ensureDatabase('spillway');
  expect(await query(server.url('spillway'), 'select answer from kept')).toEqual([{ answer: 7 }]);
  const [row] = await query(
    server.url('spillway'),
    "select rolsuper, current_setting('fsync') as fsync from pg_roles where rolname = current_user",
  );
  expect(row).toEqual({ rolsuper: true, fsync: 'on' });
});

test('a connection without the right password is refused', async () => {
  const server = await prepare(path.join(folder, 'state'));
  await run(server);
  await expect(query(server.url('postgres').replace('first', 'second'), 'select 1')).rejects.toThrow(
    'password authentication failed',
  );
});

test('a state folder whose password was lost says what to do', async () => {
  await prepare(path.join(folder, 'state'));
  const server = await prepare(path.join(folder, 'state'), 'another');
  children.push(await launch(await server.command()));
  await waitUntilReady({
    probe: () => query(server.url('postgres'), 'select 1').then(() => undefined),
    deadlineMs: 2_000,
  });
  await expect(server.ensureDatabase('spillway')).rejects.toThrow('--fresh');
});

test('a leftover process file that now names another program does not stop a start', async () => {
  const state = path.join(folder, 'state');
  const server = await prepare(state);
  await writeFile(
    path.join(state, 'postgres', 'postmaster.pid'),
    `${process.pid}\n${path.join(state, 'postgres')}\n`,
  );
  await run(server);
});

test('a server that outlived its supervisor is stopped before its successor starts', async () => {
  const server = await prepare(path.join(folder, 'state'));
  const orphan = await run(server);
  const successor = await run(server);
  expect(orphan.hasExited()).toBe(true);
  expect(successor.hasExited()).toBe(false);
});

test('data is kept elsewhere, and said so, only where the server runs as a user that cannot reach the state folder', async () => {
  const closed = path.join(folder, 'home');
  await mkdir(closed, { mode: 0o700 });
  const server = await prepare(path.join(closed, 'state'));
  await run(server);
  const isRoot = process.getuid?.() === 0;
  expect(server.origin.includes(`files in ${path.join(folder, 'elsewhere', 'spillway-')}`)).toBe(isRoot);
  expect(existsSync(path.join(closed, 'state', 'postgres', 'PG_VERSION'))).toBe(!isRoot);
});

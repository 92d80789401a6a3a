import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { query } from '../../../../infra/postgres/cluster';
import { findWarmServers, stopWarmServers } from '../../../../infra/test/warm/find';
import { readWarmState, type WarmState } from '../../../../infra/test/warm/state';
import { isAlive } from '../../../../platform/processes/identity';

let folder: string;
let file: string;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'spillway-warm-'));
  file = path.join(folder, 'clone.json');
});

afterAll(async () => {
  await stopWarmServers(file);
  await rm(folder, { recursive: true, force: true });
});

const readKeeper = (): WarmState['keeper'] => readWarmState(file)!.keeper;

test('servers stay for the next run, are replaced when what they are made from has changed, and end when asked to', async () => {
  const dead = { pid: 2 ** 22 + 1, startedAt: '' };
  await writeFile(file, JSON.stringify({ keeper: dead, digest: '', servers: {} }));
  const first = await findWarmServers(file);
  await query(first.databaseUrl, 'create table left_by_first_run ()');
  const keeper = readKeeper();

  expect(await findWarmServers(file)).toEqual(first);
  expect(readKeeper()).toEqual(keeper);
  await query(first.databaseUrl, 'select from left_by_first_run');

  const state = JSON.parse(await readFile(file, 'utf8')) as WarmState;
  await writeFile(file, JSON.stringify({ ...state, digest: 'of other code' }));
  const second = await findWarmServers(file);
  expect(isAlive(keeper)).toBe(false);
  await expect(query(second.databaseUrl, 'select from left_by_first_run')).rejects.toThrow(/does not exist/);
  await expect(query(first.databaseUrl, 'select 1')).rejects.toThrow();

  const replaced = readKeeper();
  expect(await stopWarmServers(file)).toBe(true);
  expect(isAlive(replaced)).toBe(false);
  expect(existsSync(file)).toBe(false);
  await expect(query(second.databaseUrl, 'select 1')).rejects.toThrow();
  expect(await stopWarmServers(file)).toBe(false);
}, 300_000);

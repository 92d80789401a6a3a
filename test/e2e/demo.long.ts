import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { isAlive } from '../../platform/processes/identity';
import type { StackRecord, StackSecrets } from '../../infra/stack/state';
import { createClient } from '../../sdk/client';
import { recorded, startProgram, type Program } from './programs';

/** The commands that a newcomer types, as processes; each test goes on with what the one before it left. */
jest.setTimeout(420_000);

let stateDir: string;
const programs: Program[] = [];

beforeAll(async () => {
  stateDir = await mkdtemp(path.join(os.tmpdir(), 'spillway-demo-'));
});

afterAll(async () => {
  // One that a test left behind is stopped as a terminal would stop it, so that its own children go first.
  for (const { child, interrupt, ended } of programs) {
    if (child.exitCode === null && child.signalCode === null) interrupt();
    await ended;
  }
  await rm(stateDir, { recursive: true, force: true, maxRetries: 10 });
});

function start(file: string, ...args: string[]): Program {
  const program = startProgram(file, ['--state', stateDir, ...args]);
  programs.push(program);
  return program;
}

const demo = (...args: string[]): Program => start('infra/demo/main.ts', ...args);

const readState = async <T>(name: string): Promise<T> =>
  JSON.parse(await readFile(path.join(stateDir, name), 'utf8')) as T;

/** The releases that the stack of the folder has, as its publisher sees them. */
async function releases() {
  const { addresses } = await readState<StackRecord>('stack.json');
  const { publisherTokens } = await readState<StackSecrets>('secrets.json');
  const [token = ''] = Object.values(publisherTokens);
  return (await createClient({ baseUrl: addresses?.api ?? '', token }).releases.list()).releases;
}

const row = (title: string, ...cells: string[]): RegExp =>
  new RegExp(`^${[title, ...cells].join(' +')} +\\d+\\.\\d$`, 'm');

const closingTable = [
  row(
    'obsidian-dataview 0\\.5\\.67',
    'completed',
    '(pass|empty), (pass|empty), (pass|empty)',
    '5 of 5 run it',
  ),
  row('n8n-nodes-mcp 0\\.1\\.37', 'completed', '(pass|empty), (pass|empty), (pass|empty)', '5 of 5 run it'),
  row('Backup 1\\.5\\.1', 'completed', '(pass|empty), (pass|empty), (pass|empty)', '5 of 5 run it'),
  row('obsidian-dataview 0\\.5\\.68', 'rolled_back', '(empty, )*fail.*', '0 of 5 run it; [1-5] took it'),
];

/** Claims that were not observed, or the end of a log that tells of none: what a failure should show. */
function missedIn(output: string): string[] {
  const lines = output.trimEnd().split('\n');
  const missed = lines.filter((line) => line.includes('MISS'));
  return missed.length > 0 || /^All \d+ claims were observed/m.test(output) ? missed : lines.slice(-20);
}

test('the demonstration ends with status 0 when all of it was observed, and its log is plain lines', async () => {
  const { ended, output } = demo('--exit');
  const status = await ended;
  expect({ status, missed: missedIn(output()) }).toEqual({ status: 0, missed: [] });
  for (const pattern of closingTable) expect(output()).toMatch(pattern);
  expect(output()).toMatch(/^All \d{2} claims were observed\.$/m);
  const controls = [...output().replaceAll('\n', '')].filter((character) => character < ' ');
  expect(controls).toEqual([]);
});

test('no token is in the log of the demonstration', async () => {
  const { adminToken, objectsSecret, ...rest } = await readState<StackSecrets>('secrets.json');
  const { tenantTokens, hostAdminTokens, reviewerTokens, publisherTokens } = rest;
  const people = [tenantTokens, hostAdminTokens, reviewerTokens, publisherTokens];
  const secrets = [adminToken, objectsSecret, ...people.flatMap((tokens) => Object.values(tokens))];
  expect(secrets.length).toBeGreaterThan(10);
  const output = programs[0]?.output() ?? '';
  expect(secrets.filter((secret) => output.includes(secret))).toEqual([]);
});

test('a second demonstration finds the releases of the first one and observes them again', async () => {
  const { ended, output } = demo('--exit');
  const status = await ended;
  expect({ status, missed: missedIn(output()) }).toEqual({ status: 0, missed: [] });
  expect(output()).toContain('It has been there since an earlier run: completed.');
  for (const pattern of closingTable) expect(output()).toMatch(pattern);
});

test('npm start finds what the demonstration left, and Ctrl-C leaves no process behind', async () => {
  const stack = start('infra/stack/main.ts');
  await stack.says(/ready in/);
  expect((await releases()).map(({ state }) => state).sort()).toEqual([
    ...['completed', 'completed', 'completed', 'rolled_back'],
  ]);
  const running = recorded(stateDir);
  expect(running.filter(isAlive).length).toBeGreaterThan(8);
  stack.interrupt();
  expect(await stack.ended).toBe(0);
  expect(running.filter(isAlive)).toEqual([]);
});

test('a person decides by hand, and a rejection ends with status 1 that names what was not observed', async () => {
  const byHand = demo('--exit', '--fresh', '--review-by-hand', '--plugins', 'obsidian-dataview@0.5.67');
  await byHand.says(/decide about .+ at http.+#token=\S+\n/);
  const [, address = '', token = ''] = /at (http\S+)#token=(\S+)/.exec(byHand.output()) ?? [];
  const reviewer = createClient({ baseUrl: new URL(address).origin, token });
  const { review } = await reviewer.reviews.read(
    path.basename(decodeURIComponent(new URL(address).pathname)),
  );
  const { versionId, packageSha256 } = review;
  await reviewer.reviews.decide(versionId, { decision: 'reject', notes: 'Not yet.', packageSha256 });
  expect(await byHand.ended).toBe(1);
  expect(byHand.output()).toMatch(/^not observed: obsidian-dataview 0\.5\.67: every host runs it/m);
  expect(byHand.output()).toMatch(/^obsidian-dataview 0\.5\.67 +rejected +none +0 of 5 run it/m);
});

test('a fresh demonstration starts over, and one that is interrupted leaves no process and does not pass', async () => {
  const interrupted = demo('--exit', '--fresh');
  await interrupted.says(/waiting for a reviewer/);
  expect((await releases()).map(({ version }) => version)).toEqual(['0.5.67']);
  const running = recorded(stateDir);
  interrupted.interrupt();
  expect(await interrupted.ended).toBe(1);
  expect(running.filter(isAlive)).toEqual([]);
});

import { once } from 'node:events';
import { readFile, readdir } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { hash } from 'node:crypto';
import { runCli } from '../support/cli/runCli';
import { temporaryFolder } from '../support/temporaryFolder';
import { queueEntry, release, reviewDetail } from '../web/support/fixtures';

const PACKAGE = 'the package that was reviewed';
const packageSha256 = hash('sha256', PACKAGE);

let home: string;
let server: Server;
let url: string;
/** What the marketplace sends as the package. */
let sent: string;

beforeAll(async () => {
  const review = queueEntry({ packageSha256 });
  const { reviewQueueId } = review;
  const told = {
    reviewQueueId,
    slaDeadline: null,
    state: 'open',
    decision: null,
    reviewer: null,
    notes: null,
  } as const;
  const shown = release({ packageSha256, packageBytes: PACKAGE.length, review: told });
  server = createServer((request, response) => {
    const at = request.url ?? '';
    if (at.endsWith('/package')) {
      response.writeHead(200, { 'x-package-sha256': packageSha256 });
      return void response.end(sent);
    }
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(at.includes('/reviews/') ? reviewDetail(review, shown) : shown));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => new Promise((resolve) => server.close(resolve)));
beforeEach(async () => {
  sent = PACKAGE;
  home = temporaryFolder('cli');
});

const run = (...args: string[]) =>
  runCli(['review', ...args], {
    cwd: home,
    env: { PX_MARKETPLACE_API_URL: url, PX_MARKETPLACE_TOKEN: 'x' },
  });

test('px-plugin review show tells the rollout that an approval sets going', async () => {
  const { exit, out } = await run('show', 'obsidian-dataview@0.5.68');
  expect(exit).toBe(0);
  expect(out).toMatch(/Rollout after approval: gradual\n/);
  expect(out).toMatch(/1 +10 % +1 d +-\n2 +100 % +1 m 30 s +2026-12-01T08:00:00\.000Z/);
  expect(out).toMatch(/always offered to +globex\n/);
  expect(out).toMatch(/never offered to +tenant-0, .* and 20 more\n/);
});

test('px-plugin review download keeps the package that the decision names', async () => {
  const { exit } = await run('download', 'obsidian-dataview@0.5.68');
  expect(exit).toBe(0);
  expect(await readFile(path.join(home, 'obsidian-dataview-0.5.68.pxp'), 'utf8')).toBe(PACKAGE);
  const again = await run('download', 'obsidian-dataview@0.5.68');
  expect([again.exit, again.err]).toEqual([4, expect.stringContaining('TARGET_TAKEN')]);
});

test.each([
  ['other bytes', 'X'.repeat(PACKAGE.length)],
  ['fewer bytes', PACKAGE.slice(1)],
  ['more bytes', PACKAGE.repeat(1_000)],
])('and keeps nothing when %s arrive', async (_, bytes) => {
  sent = bytes;
  const { exit, err } = await run('download', 'obsidian-dataview@0.5.68', '--out', 'x.pxp');
  expect([exit, err]).toEqual([1, expect.stringContaining('PACKAGE_DIGEST')]);
  expect(await readdir(home)).toEqual([]);
});

import { mkdir, readFile, rmdir, writeFile } from 'node:fs/promises';
import { refusal } from '../../../core/errors/errors';
import type { FeedEntry } from '../../../contracts/rollouts/feed';
import { hostLayout, type Layout } from '../../../host/disk/layout';
import { openFeed, type FeedReader } from '../../../host/follow/feed';
import type { FeedReply } from '../../../sdk/rollouts/rollouts';
import { PLUGIN } from '../../support/builders/manifest';
import { temporaryFolder } from '../../support/temporaryFolder';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

let layout: Layout;
let entries: FeedEntry[];
/** What the host asked, in order: the revision, and the tag that it sent. */
let asked: [since: number, etag: string | undefined][];
let elapsed: number;

beforeEach(() => {
  layout = hostLayout(temporaryFolder('feed'));
  [entries, asked, elapsed] = [[], [], 0];
});

const entry = (revision: number, over: Partial<FeedEntry> = {}): FeedEntry => ({
  ...{ revision, kind: 'offer', at: '2026-01-01T00:00:00.000Z', channel: 'stable', stage: 1 },
  ...{ pluginId: PLUGIN, version: '1.0.0', versionId: `${PLUGIN}@1.0.0`, previousVersion: null },
  ...{
    publisherId: 'example',
    signedBy: 'key',
    rule: { salt: 's', basisPoints: 10_000, allow: [], deny: [] },
  },
  package: { sha256: 'a', bytes: 1, manifestDigest: 'b' },
  ...over,
});

/** Answers as the API does: 304 to whoever sends the tag of the newest revision after the same one. */
function answer(since: number, etag: string | undefined): FeedReply {
  asked.push([since, etag]);
  const head = Math.max(0, ...entries.map(({ revision }) => revision));
  if (since > head) throw refusal('FEED_REVISION_UNKNOWN', `The feed has not reached ${since}.`);
  const tag = `"${since}-${head}"`;
  if (etag === tag) return { changed: false, etag: tag, pollAfterSeconds: 1 };
  const found = entries.filter(({ revision }) => revision > since);
  const page = { entries: found, next: found.at(-1)?.revision ?? since, more: false, pollAfterSeconds: 1 };
  return { changed: true, etag: tag, page };
}

const open = (reply = answer): Promise<FeedReader> =>
  openFeed({
    ...{ layout, subscriptions: 'all', channel: 'stable', reconcileSeconds: 300 },
    marketplace: { feed: (since, etag) => Promise.resolve().then(() => reply(since, etag)) },
    ...{ clock: () => elapsed, random: () => 1 },
  });

/** A folder in the place of the file: no write of it succeeds. */
const breakDisk = () => mkdir(layout.cursor, { recursive: true });

test('a withdrawal that could not be written is acted on, and asked for again until it is on disk', async () => {
  entries = [entry(1)];
  const feed = await open();
  await breakDisk();
  entries.push(entry(2, { kind: 'withdraw' }));
  await expect(feed.poll()).rejects.toThrow();
  await expect(feed.poll()).rejects.toThrow();
  expect([feed.revision(), feed.isWithdrawn(PLUGIN, '1.0.0')]).toEqual([0, true]);
  await rmdir(layout.cursor);
  await feed.poll();
  expect(asked).toEqual([
    [0, undefined],
    [0, undefined],
    [0, undefined],
  ]);
  expect(feed.revision()).toBe(2);
  const restarted = await open();
  expect([restarted.revision(), restarted.isWithdrawn(PLUGIN, '1.0.0')]).toEqual([2, true]);
});

test('a host that is told "unchanged" by mistake asks without the tag within minutes', async () => {
  entries = [entry(1)];
  let isStale = false;
  const feed = await open((since, etag) =>
    isStale && etag !== undefined ? { changed: false, etag, pollAfterSeconds: 1 } : answer(since, etag),
  );
  await feed.poll();
  await feed.poll();
  isStale = true;
  entries.push(entry(2, { kind: 'withdraw' }));
  await feed.poll();
  expect(feed.isWithdrawn(PLUGIN, '1.0.0')).toBe(false);
  elapsed += 5 * MINUTE;
  await feed.poll();
  expect(feed.isWithdrawn(PLUGIN, '1.0.0')).toBe(true);
  [isStale, asked] = [false, []];
  await feed.poll();
  await feed.poll();
  expect(asked.map(([, etag]) => etag)).toEqual(['"1-2"', '"2-2"']);
});

test('entries that a restored marketplace numbered anew behind the back of a host are found by reading all again', async () => {
  entries = [entry(1), entry(2, { version: '2.0.0', versionId: `${PLUGIN}@2.0.0` })];
  const feed = await open();
  await feed.poll();
  entries = [entry(1), entry(2, { kind: 'withdraw' })];
  await feed.poll();
  expect(feed.isWithdrawn(PLUGIN, '1.0.0')).toBe(false);
  elapsed += 6 * HOUR;
  await feed.poll();
  expect(Object.keys(feed.offers())).toEqual([`${PLUGIN}@1.0.0`]);
  expect(feed.isWithdrawn(PLUGIN, '1.0.0')).toBe(true);
});

test('reading all again is not tried at each look while it fails', async () => {
  let isDown = false;
  const feed = await open((since, etag) => {
    if (isDown) asked.push([since, etag]);
    if (isDown) throw refusal('UNAVAILABLE', 'The marketplace is away.');
    return answer(since, etag);
  });
  entries = [entry(1)];
  await feed.poll();
  [isDown, elapsed, asked] = [true, 6 * HOUR, []];
  for (let looks = 0; looks < 3; looks += 1) await expect(feed.poll()).rejects.toThrow('away');
  expect(asked.map(([since]) => since)).toEqual([0, 1, 1]);
  [isDown, elapsed] = [false, elapsed + 5 * MINUTE];
  await feed.poll();
  expect(asked.map(([since]) => since)).toEqual([0, 1, 1, 0, 1]);
});

test.each(['', '{"revision":', '{"revision":"x"}'])(
  'a host whose file about the feed is damaged (%j) reads the feed from the beginning',
  async (text) => {
    await writeFile(layout.cursor, text);
    entries = [entry(1)];
    const feed = await open();
    await feed.poll();
    expect(feed.revision()).toBe(1);
    expect(JSON.parse(await readFile(layout.cursor, 'utf8'))).toMatchObject({ revision: 1 });
  },
);

import { createReadStream } from 'node:fs';
import path from 'node:path';
import { MockActivityEnvironment } from '@temporalio/testing';
import type { Knex } from 'knex';
import { createScanActivities, type EngagedScanner } from '../../../activities/scans/scans';
import { registerIdentity } from '../../../adapters/db/identity/identities';
import { registerKey } from '../../../adapters/db/identity/keys';
import { registerSubmission } from '../../../adapters/db/releases/register';
import type { Scanner } from '../../../adapters/scanners/scanner';
import { createScratch } from '../../../adapters/objects/scratch';
import { createFilesystemStore } from '../../../adapters/objects/filesystem/store';
import type { ScanResult } from '../../../core/scans/decision';
import { DAY, HOUR } from '../../../core/duration';
import { engageInline } from '../../support/checks';
import { createAuthor, type Author } from '../../support/builders/author';
import { origin, createSubmission } from '../../support/builders/submission';
import { temporaryFolder } from '../../support/temporaryFolder';
import { useDatabase } from '../../support/servers/database';

const folder = temporaryFolder('scans');
const objects = createFilesystemStore({
  dir: path.join(folder, 'objects'),
  publicUrl: '',
  secret: 's'.repeat(40),
});
const database = useDatabase();
let db: Knex;
let author: Author;
let releaseId: string;

beforeAll(async () => {
  db = database.knex;
  author = await createAuthor();
  await registerIdentity(database.knex, { kind: 'publisher', id: 'acme', name: 'Acme' }, origin, new Date());
  const { publicKeyArmored: armored, fingerprint } = author.key;
  await registerKey(
    database.knex,
    { publisherId: 'acme', armored, fingerprint, expiresAt: null },
    origin,
    new Date(),
  );
  const prepared = await author.prepare('scanned-plugin', '1.0.0');
  const { release } = await registerSubmission(
    database.worker,
    createSubmission(prepared.request),
    { slaMs: 1, uploadTimeoutMs: DAY },
    new Date(),
  );
  await objects.write(release.objectKey, createReadStream(prepared.file));
  releaseId = release.releaseId;
});

afterAll(() => author.leave());

const engage = (
  name: string,
  scan: Scanner['scan'],
  group: 'content' | 'trial' = 'content',
): EngagedScanner =>
  engageInline(
    { name, version: '2.0.0', rulesDigest: 'a'.repeat(64), scan },
    { name, group, enabled: true, enforced: true, required: true },
  );

const silences: { silent: readonly string[] }[] = [];
const createActivities = (engaged: EngagedScanner) =>
  createScanActivities({
    db: database.worker,
    scratch: createScratch({ dir: path.join(folder, 'scratch'), maxBytes: 10_000_000, objects }),
    clock: () => new Date(),
    scanners: [engaged],
    onScan: () => undefined,
    onSilence: (silence) => silences.push(silence),
  });

const run = (engaged: EngagedScanner, name = engaged.scanner.name) => {
  const { runScanner } = createActivities(engaged);
  return new MockActivityEnvironment().run(runScanner, { releaseId, scanner: name });
};

const readLines = (name: string) =>
  db('timeline').where({ release_id: releaseId }).whereRaw(`data->>'scanner' = ?`, [name]).pluck('text');

test('a scanner reads the stored package with the keys of its publisher, and its report is kept once [REV-01]', async () => {
  const reader = engage('reader', async (input) => {
    const text = await input.package.readText('manifest.json', 10_000);
    const { id } = JSON.parse(text) as { id: string };
    const detail = `${id} by ${input.signature.keys.length} key`;
    return [{ rule: 'names', severity: 'warning', path: 'manifest.json', detail }];
  });
  await run(reader);
  expect(await run(reader)).toEqual({ scanner: 'reader', verdict: 'pass', problems: [] });
  expect(await db('scans').where({ release_id: releaseId, scanner: 'reader' })).toMatchObject([
    {
      scanner_version: '2.0.0',
      rules_digest: 'a'.repeat(64),
      verdict: 'pass',
      policy: { enabled: true, enforced: true, required: true },
      findings: [{ rule: 'names', detail: 'scanned-plugin by 1 key' }],
    },
  ]);
  expect(await readLines('reader')).toEqual(['Scanner reader passed the package (1 finding).']);
});

test('what a scanner refuses is told to the publisher in its words', async () => {
  const bad = () =>
    Promise.resolve([{ rule: 'x', severity: 'critical' as const, path: 'dist/a', detail: 'Bad.' }]);
  expect(await run(engage('strict', bad))).toEqual({
    scanner: 'strict',
    verdict: 'fail',
    problems: [{ code: 'SCAN_REJECTED', detail: 'strict: Bad.', pointer: 'dist/a' }],
  });
  expect(await run(engage('compatibility', bad, 'trial'))).toMatchObject({
    problems: [{ code: 'COMPATIBILITY_FAILED' }],
  });
  const kind = db('timeline').where({ release_id: releaseId }).whereRaw(`data->>'scanner' = 'compatibility'`);
  expect(await kind.pluck('kind')).toEqual(['compatibility']);
});

test('a publisher reads the file and line of the first findings, and how many more there are [REV-01]', async () => {
  const many = Array.from({ length: 8 }, (_, index) => ({
    rule: 'secret',
    severity: 'critical' as const,
    path: 'dist/index.js',
    line: index + 1,
    detail: 'A private key.',
  }));
  const { problems } = (await run(engage('thorough', () => Promise.resolve(many)))) as ScanResult;
  expect(problems.map(({ pointer }) => pointer)).toEqual([
    'dist/index.js:1',
    'dist/index.js:2',
    'dist/index.js:3',
    'dist/index.js:4',
    'dist/index.js:5',
    undefined,
  ]);
  expect(problems.at(-1)?.detail).toBe('thorough: 3 more findings.');
});

test('a scanner that throws, or that nobody has, is silent: neither pass nor fail', async () => {
  const broken = engage('broken', () => Promise.reject(new Error('rules are missing')));
  expect(await run(broken)).toEqual({ scanner: 'broken', verdict: 'inconclusive', problems: [] });
  expect(await db('scans').where({ scanner: 'broken' }).first('verdict')).toEqual({
    verdict: 'inconclusive',
  });
  expect(await run(broken, 'unknown')).toEqual({ scanner: 'unknown', verdict: 'inconclusive', problems: [] });
});

test('a verdict that comes later replaces the silence before it', async () => {
  await run(engage('late', () => Promise.reject(new Error('not yet'))));
  await run(engage('late', () => Promise.resolve([])));
  expect(await db('scans').where({ scanner: 'late' }).pluck('verdict')).toEqual(['pass']);
  expect(await readLines('late')).toEqual([
    'Scanner late could not reach a verdict.',
    'Scanner late passed the package.',
  ]);
});

test('operators are told of a scanner that has held a release for an hour, and again each day, not before', async () => {
  const { recordScanHold } = createActivities(engage('mute', () => Promise.reject(new Error('no rules'))));
  const hold = (attempt: number, silentMs: number) =>
    recordScanHold({ releaseId, silent: ['mute', 'deaf'], retryInMs: 60_000, attempt, silentMs });
  const listAlerts = async () => {
    const rows = await db('outbox').where({ recipient_kind: 'operator' }).orderBy('id').select('body');
    return rows.filter(({ body }) => body.kind === 'scanner_silent').map(({ body }) => body.message);
  };
  silences.length = 0;
  await hold(1, 0);
  await hold(2, HOUR - 1);
  expect([await listAlerts(), silences]).toEqual([[], []]);
  await hold(3, HOUR);
  await hold(4, 2 * HOUR);
  expect(await listAlerts()).toEqual([
    expect.stringContaining('scanned-plugin@1.0.0 has waited 1 h for a verdict of the scanner mute'),
    expect.stringContaining('of the scanner deaf'),
  ]);
  expect(silences).toHaveLength(2);
  await hold(5, DAY);
  expect(await listAlerts()).toHaveLength(4);
  const held = await db('timeline').where({ release_id: releaseId, kind: 'scan_held' });
  expect(held).toHaveLength(5);
});

import { randomBytes } from 'node:crypto';
import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import { createPluginFolder, runCli, temporaryFolder, writeTree, type Env } from '../support/cli';
import { startSmallMarketplace, type SmallMarketplace } from '../support/smallMarketplace';

let folder: { path: string; remove(): Promise<void> };
let marketplace: SmallMarketplace;
let root: string;

beforeEach(async () => {
  folder = await temporaryFolder();
  marketplace = await startSmallMarketplace();
  root = await createPluginFolder(folder.path);
});
afterEach(async () => {
  await marketplace.close();
  await folder.remove();
});

const envOf = (more: Env = {}): Env => ({
  PX_MARKETPLACE_API_URL: marketplace.url,
  PX_MARKETPLACE_TOKEN: marketplace.token,
  ...more,
});
const publish = (args: string[] = [], env: Env = {}) =>
  runCli(['publish', 'plugin', ...args], { cwd: folder.path, env: envOf(env) });
const asked = (match: RegExp) =>
  marketplace.requests.filter((each) => match.test(`${each.method} ${each.path}`));
const readJson = async (name: string) =>
  JSON.parse(await readFile(path.join(root, name), 'utf8')) as Record<string, unknown>;

describe('publish', () => {
  test('checks, packs, signs, uploads and submits, in this order, with the time of each [CLI-01] [CLI-09]', async () => {
    const { exit, out } = await publish(['--verbose']);
    expect(exit).toBe(0);
    const stages = [...out.matchAll(/^\[(\d)\/5\] (\w+) .*\((\d+) ms\)$/gm)].map(
      (match) => `${match[1]} ${match[2]}`,
    );
    expect(stages).toEqual(['1 validate', '2 package', '3 sign', '4 upload', '5 review']);
    const calls = marketplace.requests.map((each) => `${each.method} ${each.path.split('/').at(-1)}`);
    expect(calls).toEqual([
      'GET versions',
      'POST publish',
      'GET upload',
      'PUT 1',
      'POST finalise',
      'GET release:com.example.tools.notes@1.1.0',
    ]);
  });

  test('sends exactly the package that was announced, signed by the profile', async () => {
    await publish();
    const [submission] = marketplace.submissions;
    const [packed] = (await readdir(path.join(root, '.px-plugin', 'packages'))).filter((name) =>
      name.endsWith('.pxp'),
    );
    expect(submission!.artefact).toMatchObject({
      fileName: packed,
      signedBy: expect.stringMatching(/^[0-9A-F]{40}$/),
    });
    const sent = Buffer.concat([...marketplace.parts.values()]);
    expect(sent).toEqual(await readFile(path.join(root, '.px-plugin', 'packages', packed!)));
    expect(sent.length).toBe(submission!.artefact.bytes);
  });

  test('two profiles give two fingerprints on the version [CLI-29]', async () => {
    await runCli(['keys', 'create', '--profile', 'second'], { cwd: folder.path });
    await publish();
    await publish([], { PX_SIGNING_PROFILE: 'second' });
    const [first, second] = marketplace.submissions.map((each) => each.artefact.signedBy);
    expect(first).toMatch(/^[0-9A-F]{40}$/);
    expect(second).not.toBe(first);
  });

  test('keeps the receipt in publish-receipt.json and shows it [CLI-26]', async () => {
    const { out } = await publish();
    const receipt = await readJson('publish-receipt.json');
    for (const key of ['publishId', 'versionId', 'reviewQueueId', 'nextCheckAt']) {
      expect(receipt[key]).toEqual(expect.any(String));
    }
    expect(out).toContain(receipt.publishId as string);
    expect(out).toContain(receipt.reviewQueueId as string);
  });

  test('with --json prints the receipt object and nothing else on stdout [CLI-08]', async () => {
    const { exit, out, err } = await publish(['--json']);
    expect(exit).toBe(0);
    expect(JSON.parse(out)).toEqual(await readJson('publish-receipt.json'));
    expect(err).toContain('[5/5] review');
  });

  test('--channel beta publishes to beta, over what publish.yml says [CLI-02]', async () => {
    await writeTree(root, { 'publish.yml': 'channels: [stable]\n' });
    await publish(['--channel', 'beta']);
    await publish();
    expect(marketplace.submissions.map((each) => each.channel)).toEqual(['beta', 'stable']);
  });

  test('takes the section of this version from CHANGELOG.md, and --notes over it [CLI-16]', async () => {
    await publish();
    await writeTree(folder.path, { 'release.md': 'Words of its own.\n' });
    await publish(['--notes', 'release.md']);
    expect(marketplace.submissions.map(({ notes, notesSource }) => [notes, notesSource])).toEqual([
      ['- Search is faster.', 'changelog'],
      ['Words of its own.', 'flag'],
    ]);
  });

  test('sends the rollout of publish.yml with its tenants', async () => {
    const lines = [
      'rollout: { batches: [{ percentage: 100, wait: 5m }] }',
      'tenantFilters: { deny: [acme] }',
    ];
    await writeTree(root, { 'publish.yml': lines.join('\n') });
    await publish();
    expect(marketplace.submissions[0]!.rollout).toEqual({
      batches: [{ percentage: 100, wait: '5m' }],
      tenants: { allow: [], deny: ['acme'] },
    });
  });

  test('a version below one of the channel is refused before anything is packed [PRE-02]', async () => {
    marketplace.versions.push({ version: '1.2.0', channel: 'stable' }, { version: '9.0.0', channel: 'beta' });
    const { exit, err } = await publish();
    expect(exit).toBe(1);
    expect(err).toMatch(/VERSION_NOT_INCREMENTED .*1\.1\.0.*1\.2\.0/);
    expect(asked(/^(POST|PUT)/)).toEqual([]);
    expect(await readdir(path.join(root, '.px-plugin'))).not.toContain('packages');
  });

  test('a conflict of the server ends with exit 4 and its next step [PRE-03]', async () => {
    marketplace.failNext('/publish', 'VERSION_CONFLICT');
    const { exit, err } = await publish();
    expect(exit).toBe(4);
    expect(err).toMatch(/^VERSION_CONFLICT {2}.*\n {2}next: Publish a new version/m);
    expect(asked(/^PUT/)).toEqual([]);
  });

  test('a token that is not known ends with exit 3', async () => {
    const { exit, err } = await publish([], { PX_MARKETPLACE_TOKEN: 'px_other' });
    expect(exit).toBe(3);
    expect(err).toContain('TOKEN_INVALID');
  });
});

describe('publish, again', () => {
  test('the same folder repeats the submission under the same request id, and sends no part twice [PRE-03]', async () => {
    const receipts = [(await publish(['--json'])).out, (await publish(['--json'])).out];
    expect(receipts[0]).toBe(receipts[1]);
    const ids = marketplace.submissions.map((each) => each.publishRequestId);
    expect(ids[0]).toBe(ids[1]);
    expect(asked(/^PUT/)).toHaveLength(1);
  });

  test('other content of the same version is another submission', async () => {
    await publish();
    await writeTree(root, { 'dist/index.js': 'changed' });
    await publish();
    const ids = new Set(marketplace.submissions.map((each) => each.publishRequestId));
    expect(ids.size).toBe(2);
  });

  test('after an upload that broke off only the missing parts are sent', async () => {
    await writeTree(root, { 'dist/large.bin': randomBytes(20 * 1024 * 1024) });
    marketplace.failNext('/objects/2', 'PART_DIGEST');
    const broken = await publish();
    expect(broken.exit).toBe(1);
    const before = new Set(marketplace.parts.keys());
    const already = asked(/^PUT/).length;
    const { exit, out } = await publish();
    expect(exit).toBe(0);
    expect(marketplace.parts.size).toBe(marketplace.submissions[0]!.artefact.parts.length);
    expect(asked(/^PUT/).length - already).toBe(marketplace.parts.size - before.size);
    if (before.size > 0) expect(out).toMatch(/\d of \d parts sent, \d were there/);
  });

  test('a signed URL that has expired is asked for again', async () => {
    marketplace.failNext('/objects/1', 'STORE_URL_EXPIRED');
    expect((await publish()).exit).toBe(0);
    expect(asked(/GET .*upload$/)).toHaveLength(2);
  });

  test('a store that is away for a moment is waited for, and that is said', async () => {
    marketplace.failNext('/objects/1', 'STORE_UNAVAILABLE');
    const { exit, err } = await publish();
    expect(exit).toBe(0);
    expect(err).toContain('Trying again (1)');
  });
});

describe('what leaves the machine', () => {
  test('parts go to PX_ARTIFACT_STORE_ENDPOINT, and only they [CLI-30]', async () => {
    const other = await startSmallMarketplace();
    const { exit } = await publish([], { PX_ARTIFACT_STORE_ENDPOINT: `${other.url}/gateway` });
    await other.close();
    // The other server knows no submission, so it refuses the part: but it was there that it arrived.
    expect(exit).toBe(1);
    expect(other.requests).toMatchObject([{ method: 'PUT', path: '/gateway/objects/1' }]);
    expect(asked(/^PUT/)).toEqual([]);
  });

  test('requests go to PX_MARKETPLACE_API_URL, with a path where it has one [CLI-27]', async () => {
    await publish([], { PX_MARKETPLACE_API_URL: `${marketplace.url}/behind/a/proxy/` });
    expect(asked(/POST .*publish$/)[0]!.path).toBe('/behind/a/proxy/api/marketplace/plugins/publish');
  });

  test.each([[[]], [['--verbose']], [['--json']]])(
    'the token is in no output and no file, whatever happens, with %j [CLI-28]',
    async (args) => {
      marketplace.failNext('/objects/1', 'STORE_UNAVAILABLE');
      const good = await publish(args);
      marketplace.failNext('/publish', 'TOKEN_INVALID');
      const refused = await publish(args);
      expect([good.exit, refused.exit]).toEqual([0, 3]);
      const files = await readdir(path.join(root, '.px-plugin'), { recursive: true, withFileTypes: true });
      const texts = await Promise.all(
        files
          .filter((each) => each.isFile())
          .map((each) => readFile(path.join(each.parentPath, each.name), 'latin1')),
      );
      for (const text of [good.all, refused.all, ...texts]) {
        expect(text).not.toContain(marketplace.token);
        expect(text).not.toContain('signature=hush');
      }
      expect(marketplace.requests.filter((each) => each.path.includes('/api/')).length).toBeGreaterThan(0);
    },
  );

  test('the token goes to the marketplace in its header, and never to the store [CLI-28]', async () => {
    await publish();
    expect(asked(/POST .*publish$/)[0]!.authorization).toBe(`Bearer ${marketplace.token}`);
    expect(asked(/^PUT/).map((each) => each.authorization)).toEqual([undefined]);
  });

  test('every line of the log is JSON with the eight fields of a publish [OBS-17]', async () => {
    await publish();
    marketplace.failNext('/publish', 'VERSION_CONFLICT');
    await publish();
    const lines = (await readFile(path.join(root, '.px-plugin', 'publish.log'), 'utf8')).trim().split('\n');
    const parsed = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    for (const line of parsed) {
      expect(Object.keys(line)).toEqual(
        expect.arrayContaining([
          'pluginId',
          'version',
          'channel',
          'publishId',
          'status',
          'elapsedMs',
          'errorCode',
          'requestId',
        ]),
      );
    }
    expect(parsed).toMatchObject([
      { status: 'submitted', version: '1.1.0', channel: 'stable', errorCode: null },
      { status: 'refused', errorCode: 'VERSION_CONFLICT', requestId: 'request-1' },
    ]);
  });
});

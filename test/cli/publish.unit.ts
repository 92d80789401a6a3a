import { randomBytes } from 'node:crypto';
import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import { runCli } from '../support/cli/runCli';
import { writeTree } from '../support/writeTree';
import { openPublishBench, type PublishBench } from '../support/cli/publishFixture';

let bench: PublishBench;
beforeEach(async () => (bench = await openPublishBench()));
afterEach(() => bench.close());

describe('publish', () => {
  test('checks, packs, signs, uploads and submits, in this order, with the time of each [CLI-01] [CLI-09]', async () => {
    const { exit, out } = await bench.publish(['--verbose']);
    expect(exit).toBe(0);
    const stages = [...out.matchAll(/^\[(\d)\/5\] (\w+) .*\((\d+) ms\)$/gm)].map(
      (match) => `${match[1]} ${match[2]}`,
    );
    expect(stages).toEqual(['1 validate', '2 package', '3 sign', '4 upload', '5 review']);
    const calls = bench.marketplace.requests.map((each) => `${each.method} ${each.path.split('/').at(-1)}`);
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
    await bench.publish();
    const [submission] = bench.marketplace.submissions;
    const [packed] = (await readdir(path.join(bench.root, '.px-plugin', 'packages'))).filter((name) =>
      name.endsWith('.pxp'),
    );
    expect(submission!.artefact).toMatchObject({
      fileName: packed,
      signedBy: expect.stringMatching(/^[0-9A-F]{40}$/),
    });
    const sent = Buffer.concat([...bench.marketplace.parts.values()]);
    expect(sent).toEqual(await readFile(path.join(bench.root, '.px-plugin', 'packages', packed!)));
    expect(sent.length).toBe(submission!.artefact.bytes);
  });

  test('two profiles give two fingerprints on the version [CLI-29]', async () => {
    await runCli(['keys', 'create', '--profile', 'second'], { cwd: bench.folder });
    await bench.publish();
    await bench.publish([], { PX_SIGNING_PROFILE: 'second' });
    const [first, second] = bench.marketplace.submissions.map((each) => each.artefact.signedBy);
    expect(first).toMatch(/^[0-9A-F]{40}$/);
    expect(second).not.toBe(first);
  });

  test('keeps the receipt in publish-receipt.json and shows it [CLI-26]', async () => {
    const { out } = await bench.publish();
    const receipt = await bench.readJson('publish-receipt.json');
    for (const key of ['publishId', 'versionId', 'reviewQueueId', 'nextCheckAt']) {
      expect(receipt[key]).toEqual(expect.any(String));
    }
    expect(out).toContain(receipt.publishId as string);
    expect(out).toContain(receipt.reviewQueueId as string);
  });

  test('with --json prints the receipt object and nothing else on stdout [CLI-08]', async () => {
    const { exit, out, err } = await bench.publish(['--json']);
    expect(exit).toBe(0);
    expect(JSON.parse(out)).toEqual(await bench.readJson('publish-receipt.json'));
    expect(err).toContain('[5/5] review');
  });

  test('--channel beta publishes to beta, over what publish.yml says [CLI-02]', async () => {
    writeTree(bench.root, { 'publish.yml': 'channels: [stable]\n' });
    await bench.publish(['--channel', 'beta']);
    await bench.publish();
    expect(bench.marketplace.submissions.map((each) => each.channel)).toEqual(['beta', 'stable']);
  });

  test('takes the section of this version from CHANGELOG.md, and --notes over it [CLI-16]', async () => {
    await bench.publish();
    writeTree(bench.folder, { 'release.md': 'Words of its own.\n' });
    await bench.publish(['--notes', 'release.md']);
    expect(bench.marketplace.submissions.map(({ notes, notesSource }) => [notes, notesSource])).toEqual([
      ['- Search is faster.', 'changelog'],
      ['Words of its own.', 'flag'],
    ]);
  });

  test('sends the rollout of publish.yml with its tenants', async () => {
    const lines = [
      'rollout: { batches: [{ percentage: 100, wait: 5m }] }',
      'tenantFilters: { deny: [acme] }',
    ];
    writeTree(bench.root, { 'publish.yml': lines.join('\n') });
    await bench.publish();
    expect(bench.marketplace.submissions[0]!.rollout).toEqual({
      batches: [{ percentage: 100, wait: '5m' }],
      tenants: { allow: [], deny: ['acme'] },
    });
  });

  test('a version below one of the channel is refused before anything is packed [PRE-02]', async () => {
    bench.marketplace.versions.push(
      { version: '1.2.0', channel: 'stable' },
      { version: '9.0.0', channel: 'beta' },
    );
    const { exit, err } = await bench.publish();
    expect(exit).toBe(1);
    expect(err).toMatch(/VERSION_NOT_INCREMENTED .*1\.1\.0.*1\.2\.0/);
    expect(bench.asked(/^(POST|PUT)/)).toEqual([]);
    expect(await readdir(path.join(bench.root, '.px-plugin'))).not.toContain('packages');
  });

  test('a conflict of the server ends with exit 4 and its next step [PRE-03]', async () => {
    bench.marketplace.failNext('/publish', 'VERSION_CONFLICT');
    const { exit, err } = await bench.publish();
    expect(exit).toBe(4);
    expect(err).toMatch(/^VERSION_CONFLICT {2}.*\n {2}next: Publish a new version/m);
    expect(bench.asked(/^PUT/)).toEqual([]);
  });

  test('a token that is not known ends with exit 3', async () => {
    const { exit, err } = await bench.publish([], { PX_MARKETPLACE_TOKEN: 'px_other' });
    expect(exit).toBe(3);
    expect(err).toContain('TOKEN_INVALID');
  });
});

describe('publish, again', () => {
  test('the same folder repeats the submission under the same request id, and sends no part twice [PRE-03]', async () => {
    const receipts = [(await bench.publish(['--json'])).out, (await bench.publish(['--json'])).out];
    expect(receipts[0]).toBe(receipts[1]);
    const ids = bench.marketplace.submissions.map((each) => each.publishRequestId);
    expect(ids[0]).toBe(ids[1]);
    expect(bench.asked(/^PUT/)).toHaveLength(1);
  });

  test('after a final refusal the next run is a new request, so that what was mended counts', async () => {
    bench.marketplace.failNext('/publish', 'SIGNATURE_UNKNOWN_KEY');
    expect((await bench.publish()).exit).toBe(1);
    const remembered = await readdir(path.join(bench.root, '.px-plugin'));
    expect(remembered.filter((name) => name.endsWith('.json'))).toEqual([]);
    expect((await bench.publish()).exit).toBe(0);
  });

  test.each(['UPLOAD_EXPIRED', 'RELEASE_STATE'] as const)(
    'after its release has ended (%s) the same folder is submitted anew, and that again is one submission',
    async (code) => {
      expect((await bench.publish()).exit).toBe(0);
      const request = path.join(bench.root, '.px-plugin', 'com.example.tools.notes@1.1.0.json');
      const remembered = await readFile(request);
      const ids = () => bench.marketplace.submissions.map((each) => each.publishRequestId);
      bench.marketplace.failNext('/upload', code);
      expect((await bench.publish()).exit).toBe(0);
      const [first, repeated, anew] = ids();
      expect(repeated).toBe(first);
      expect(anew).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/);
      expect((await bench.publish()).exit).toBe(0);
      expect(ids().at(-1)).toBe(anew);
      // Another run at the same time had read what was remembered before.
      writeTree(bench.root, { '.px-plugin/com.example.tools.notes@1.1.0.json': remembered });
      bench.marketplace.failNext('/upload', code);
      expect((await bench.publish()).exit).toBe(0);
      expect(ids().at(-1)).toBe(anew);
    },
  );

  test('other content after an upload that broke off ends that upload, and takes its place', async () => {
    bench.marketplace.failNext('/objects/1', 'PART_DIGEST');
    expect((await bench.publish()).exit).toBe(1);
    writeTree(bench.root, { 'dist/index.js': 'changed' });
    bench.marketplace.state = 'uploading';
    bench.marketplace.failNext('/publish', 'VERSION_CONFLICT');
    expect((await bench.publish()).exit).toBe(0);
    expect(bench.asked(/POST .*abort$/)).toHaveLength(1);
    expect(new Set(bench.marketplace.submissions.map(({ artefact }) => artefact.sha256)).size).toBe(2);
  });

  test('an upload that was not begun from this folder is left alone, and so is a release that is past it', async () => {
    bench.marketplace.failNext('/publish', 'VERSION_CONFLICT');
    expect((await bench.publish()).exit).toBe(4);
    expect((await bench.publish()).exit).toBe(0);
    writeTree(bench.root, { 'dist/index.js': 'changed' });
    bench.marketplace.state = 'uploading';
    bench.marketplace.failNext('/publish', 'VERSION_CONFLICT');
    expect((await bench.publish()).exit).toBe(4);
    bench.marketplace.state = 'scanning';
    bench.marketplace.failNext('/objects/1', 'PART_DIGEST');
    bench.marketplace.parts.clear();
    expect((await bench.publish()).exit).toBe(1);
    writeTree(bench.root, { 'dist/index.js': 'changed again' });
    bench.marketplace.failNext('/publish', 'VERSION_CONFLICT');
    expect((await bench.publish()).exit).toBe(4);
    expect(bench.asked(/abort$/)).toEqual([]);
  });

  test('after trouble of the platform the next run repeats the same request', async () => {
    bench.marketplace.failNext('/publish', 'INTERNAL');
    expect((await bench.publish()).exit).toBe(5);
    const file = path.join(bench.root, '.px-plugin', 'com.example.tools.notes@1.1.0.json');
    const { publishRequestId } = JSON.parse(await readFile(file, 'utf8')) as { publishRequestId: string };
    expect((await bench.publish()).exit).toBe(0);
    expect(bench.marketplace.submissions[0]!.publishRequestId).toBe(publishRequestId);
  });

  test('other content of the same version is another submission', async () => {
    await bench.publish();
    writeTree(bench.root, { 'dist/index.js': 'changed' });
    await bench.publish();
    const ids = new Set(bench.marketplace.submissions.map((each) => each.publishRequestId));
    expect(ids.size).toBe(2);
  });

  test('after an upload that broke off only the missing parts are sent', async () => {
    writeTree(bench.root, { 'dist/large.bin': randomBytes(20 * 1024 * 1024) });
    bench.marketplace.failNext('/objects/2', 'PART_DIGEST');
    const broken = await bench.publish();
    expect(broken.exit).toBe(1);
    const before = new Set(bench.marketplace.parts.keys());
    const already = bench.asked(/^PUT/).length;
    const { exit, out } = await bench.publish();
    expect(exit).toBe(0);
    expect(bench.marketplace.parts.size).toBe(bench.marketplace.submissions[0]!.artefact.parts.length);
    expect(bench.asked(/^PUT/).length - already).toBe(bench.marketplace.parts.size - before.size);
    if (before.size > 0) expect(out).toMatch(/\d of \d parts? sent, \d already uploaded/);
  });

  test('a signed URL that has expired is asked for again', async () => {
    bench.marketplace.failNext('/objects/1', 'OBJECTS_URL_EXPIRED');
    expect((await bench.publish()).exit).toBe(0);
    expect(bench.asked(/GET .*upload$/)).toHaveLength(2);
  });

  test('a store that is away for a moment is waited for, and that is said', async () => {
    bench.marketplace.failNext('/objects/1', 'OBJECTS_UNAVAILABLE');
    const { exit, err } = await bench.publish();
    expect(exit).toBe(0);
    expect(err).toContain('Retrying (1)');
  });
});

import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { repositoryRoot } from '../../infra/build/build';
import { PLUGIN_ID, createPluginFolder, temporaryFolder, writeTree } from '../support/cli';
import { startRealStack, type RealStack } from '../support/realStack';

let real: RealStack;
let folder: { path: string; remove(): Promise<void> };
let root: string;

beforeAll(async () => {
  real = await startRealStack();
  folder = await temporaryFolder();
  root = await createPluginFolder(folder.path, { 'publish.yml': fastRollout });
}, 600_000);
afterAll(async () => {
  await real.stop();
  await folder.remove();
}, 120_000);

const fastRollout = 'rollout: { batches: [{ percentage: 50, wait: 1s }, { percentage: 100, wait: 1s }] }\n';
const setVersion = (version: string, more: Record<string, string | Buffer> = {}) =>
  readFile(path.join(root, 'manifest.json'), 'utf8').then((text) => {
    const manifest = JSON.stringify({ ...(JSON.parse(text) as object), version });
    const changelog = `## ${version}\n\n- Something for its users.\n`;
    return writeTree(root, {
      'manifest.json': manifest,
      'plugin.yaml': manifest,
      'CHANGELOG.md': changelog,
      ...more,
    });
  });

/** The program as a user runs it: a process of its own. */
function start(args: string[], token: 'publisher' | 'reviewer' = 'publisher') {
  const { addresses, secrets } = real.stack;
  const tokens = { publisher: secrets.publisherTokens.publisher, reviewer: secrets.reviewerTokens.reviewer };
  const child = spawn(process.execPath, [path.join(repositoryRoot, 'cli', 'bin.cjs'), ...args], {
    cwd: folder.path,
    env: {
      PATH: process.env.PATH,
      HOME: folder.path,
      PX_MARKETPLACE_API_URL: addresses.api,
      PX_MARKETPLACE_TOKEN: tokens[token],
      PX_SIGNING_HOME: path.join(folder.path, 'signing'),
    },
  });
  const texts = { out: '', err: '' };
  child.stdout.on('data', (text: Buffer) => (texts.out += text.toString()));
  child.stderr.on('data', (text: Buffer) => (texts.err += text.toString()));
  const ended = new Promise<{ exit: number | null; out: string; err: string }>((resolve) =>
    child.once('close', (exit) => resolve({ exit, ...texts })),
  );
  return { child, ended, texts };
}
const run = (args: string[], token?: 'publisher' | 'reviewer') => start(args, token).ended;

describe('px-plugin against the real platform', () => {
  test('an unregistered key is refused with its next step; keys register mends it [CLI-29]', async () => {
    const refused = await run(['publish', 'plugin']);
    expect(refused.exit).toBe(1);
    expect(refused.err).toContain('SIGNATURE_UNKNOWN_KEY');
    expect(refused.err).toContain('px-plugin keys register');
    expect((await run(['keys', 'register'])).exit).toBe(0);
  });

  test('publishes from a folder to every tenant, followed live, decided from the command line [CLI-01] [CLI-26]', async () => {
    await Promise.all(Object.values(real.tenants).map((tenant) => tenant.subscriptions.subscribe(PLUGIN_ID)));
    const publishing = start(['publish', 'plugin', '--watch']);
    while (!publishing.texts.out.includes('review is open')) {
      if (publishing.child.exitCode !== null) throw new Error(publishing.texts.err);
      await sleep(200);
    }
    const approved = await run(['review', 'approve', `${PLUGIN_ID}@1.1.0`, '--notes', 'Fine.'], 'reviewer');
    expect(approved.exit).toBe(0);
    const { exit, out } = await publishing.ended;
    expect(out).toMatch(/\[5\/5\] review/);
    expect(out).toContain('Fine.');
    expect(exit).toBe(0);
    const receipt = JSON.parse(await readFile(path.join(root, 'publish-receipt.json'), 'utf8')) as {
      versionId: string;
    };
    expect(await real.publisher.releases.read(receipt.versionId)).toMatchObject({
      state: 'completed',
      channel: 'stable',
    });
  }, 240_000);

  test('the same version again gives the same receipt; other bytes are a conflict with exit 4 [PRE-03]', async () => {
    const before = await readFile(path.join(root, 'publish-receipt.json'), 'utf8');
    const again = await run(['publish', 'plugin', '--json']);
    expect([again.exit, again.out]).toEqual([0, before]);
    await writeTree(root, { 'dist/index.js': 'module.exports = 2;\n' });
    const other = await run(['publish', 'plugin']);
    expect(other.exit).toBe(4);
    expect(other.err).toContain('VERSION_CONFLICT');
  }, 120_000);

  test('a version below the newest of its channel is refused [PRE-02]', async () => {
    await setVersion('1.0.0');
    const { exit, err } = await run(['publish', 'plugin']);
    expect(exit).toBe(1);
    expect(err).toMatch(/VERSION_NOT_INCREMENTED.*1\.1\.0/);
  }, 120_000);

  test('--channel beta makes a version of the beta channel [CLI-02]', async () => {
    await setVersion('1.0.0-beta.1');
    const { exit } = await run(['publish', 'plugin', '--channel', 'beta']);
    expect(exit).toBe(0);
    expect(await real.publisher.releases.read(`${PLUGIN_ID}@1.0.0-beta.1`)).toMatchObject({
      channel: 'beta',
    });
  }, 120_000);

  test('killed in the middle of its upload and run again, it sends only what is missing', async () => {
    await setVersion('2.0.0', { 'dist/large.bin': randomBytes(96 * 1024 * 1024) });
    const versionId = `${PLUGIN_ID}@2.0.0`;
    const killed = start(['publish', 'plugin']);
    let present = 0;
    while (present === 0 && killed.child.exitCode === null) {
      const plan = await real.publisher.releases.readUploadPlan(versionId).catch(() => undefined);
      present = plan?.parts.filter((part) => part.present).length ?? 0;
      await sleep(10);
    }
    killed.child.kill('SIGKILL');
    await killed.ended;
    const { exit, out } = await run(['publish', 'plugin']);
    expect(exit).toBe(0);
    const [, sent, parts, kept] = /(\d+) of (\d+) parts sent, (\d+) were there/.exec(out) ?? [];
    expect(Number(kept)).toBeGreaterThanOrEqual(present);
    expect(Number(sent) + Number(kept)).toBe(Number(parts));
  }, 240_000);

  test('doctor finds everything that publishing needs', async () => {
    const { exit, out } = await run(['doctor', '--json']);
    expect(exit).toBe(0);
    const report = JSON.parse(out) as {
      components: { component: string; there: boolean; needed: boolean }[];
    };
    const needed = report.components.filter((each) => each.needed);
    expect(needed.map((each) => each.component)).toEqual(
      expect.arrayContaining(['marketplace API', 'PostgreSQL', 'Temporal server', 'object store', 'token']),
    );
    expect(needed.every((each) => each.there)).toBe(true);
  }, 120_000);
});

import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { cp, readFile, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { repositoryRoot } from '../../infra/build/build';
import { run as runProgram } from '../../platform/processes/run';
import { installPackages, installedProgram } from '../packages/installPackages';
import { listLoadedFiles, listSources } from '../packages/loadedFiles';
import { createClient } from '../../sdk/client';
import { PLUGIN_ID, createPluginFolder } from '../support/builders/pluginFolder';
import { startInstalled } from '../support/cli/startInstalled';
import { temporaryFolder } from '../support/temporaryFolder';
import { until } from '../support/waiting';
import { writeTree } from '../support/writeTree';
import { startRealStack, type RealStack } from '../support/servers/realStack';

let real: RealStack;
let folder: string;
let root: string;
/** An empty folder into which the npm packages were installed. */
let installed: string;

beforeAll(async () => {
  real = await startRealStack();
  folder = temporaryFolder('cli');
  root = await createPluginFolder(folder, { 'publish.yml': fastRollout });
  installed = path.join(folder, 'installed');
  await installPackages(installed);
}, 600_000);
afterAll(async () => {
  await real.stop();
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

const start = (args: string[], token?: 'publisher' | 'reviewer') =>
  startInstalled(args, { real, folder, installed }, token);
const run = (args: string[], token?: 'publisher' | 'reviewer') => start(args, token).ended;

describe('px-plugin against the real platform', () => {
  test('an unregistered key is refused with its next step; keys register mends it [CLI-29]', async () => {
    const refused = await run(['publish', 'plugin']);
    expect(refused.exit).toBe(1);
    expect(refused.err).toContain('SIGNATURE_UNKNOWN_KEY');
    expect(refused.err).toContain('px-plugin keys register');
    // The publisher has another key, which is not here to vouch for this one: an operator does.
    const alone = await run(['keys', 'register']);
    expect(alone.exit).toBe(3);
    const [fingerprint = ''] = /[0-9A-F]{40}/.exec(refused.err) ?? [];
    await real.operator.keys.approve('publisher', fingerprint);
    expect((await run(['keys', 'register'])).exit).toBe(0);
  });

  test('publishes from a folder to every tenant, followed live, decided from the command line [CLI-01] [CLI-26]', async () => {
    const publishing = start(['publish', 'plugin', '--watch']);
    await until('the review open', () => publishing.texts.out.includes('review is open'), {
      giveUp: () => (publishing.child.exitCode === null ? undefined : publishing.texts.err),
    });
    await Promise.all(Object.values(real.tenants).map((tenant) => tenant.subscriptions.subscribe(PLUGIN_ID)));
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

  test('the host of the npm package installs what that px-plugin published', async () => {
    const tenantId = 'newcomer';
    const { token = '' } = await real.operator.identity.registerTenant({ tenantId, name: tenantId });
    const tenant = createClient({ baseUrl: real.stack.addresses.api, token });
    const hostDir = path.join(folder, 'host');
    const host = spawn(process.execPath, [installedProgram(installed, 'spillway-host')], {
      stdio: ['pipe', 'ignore', 'inherit'],
      env: {
        PORT: '0',
        HOST: '127.0.0.1',
        LOG_LEVEL: 'silent',
        SPILLWAY_API_URL: real.stack.addresses.api,
        SPILLWAY_TENANT_ID: tenantId,
        SPILLWAY_TENANT_TOKEN: token,
        SPILLWAY_HOST_ADMIN_TOKEN: randomBytes(16).toString('hex'),
        SPILLWAY_HOST_DIR: hostDir,
        SPILLWAY_POLL_SECONDS: '1',
        SPILLWAY_TRUST_ROOT: path.join(real.stateDir, 'trust', 'pinned.root.json'),
        SPILLWAY_TENANT_KEY: await tenant.trust.readKey(),
        SPILLWAY_ALLOWED_ORIGINS: `${real.stack.addresses.objects}`,
        SPILLWAY_EXIT_WITH_PARENT: 'true',
      },
    });
    try {
      await tenant.subscriptions.subscribe(PLUGIN_ID);
      await until(
        '1.1.0 installed',
        async () => (await tenant.installations.list()).installations[0]?.version === '1.1.0',
        { giveUp: () => (host.exitCode === null ? undefined : `the host ended with ${host.exitCode}`) },
      );
      const entry = path.join(hostDir, 'plugins', PLUGIN_ID, 'active', 'dist', 'index.js');
      expect(await readFile(entry)).toEqual(await readFile(path.join(root, 'dist', 'index.js')));
    } finally {
      host.kill('SIGTERM');
      if (host.exitCode === null) await once(host, 'exit');
    }
  }, 120_000);

  test('the trial program of the npm package finds a package healthy without a marketplace', async () => {
    const packages = path.join(root, '.px-plugin', 'packages');
    const [file = ''] = (await readdir(packages)).filter((name) => name.endsWith('.pxp'));
    const keys = path.join(folder, 'keys');
    await cp(path.join(folder, 'signing', 'default', 'public.asc'), path.join(keys, 'author.asc'));
    const data = path.join(folder, 'trial');
    const args = ['--package', path.join(packages, file), '--keys', keys, '--data', data];
    const verdict = await runProgram(process.execPath, [
      installedProgram(installed, 'spillway-host-trial'),
      ...args,
    ]);
    expect(JSON.parse(verdict)).toMatchObject({ healthy: true });
  }, 120_000);

  test('the same version again gives the same receipt; other bytes are a conflict with exit 4 [PRE-03]', async () => {
    const before = await readFile(path.join(root, 'publish-receipt.json'), 'utf8');
    const again = await run(['publish', 'plugin', '--json']);
    expect([again.exit, again.out]).toEqual([0, before]);
    writeTree(root, { 'dist/index.js': 'module.exports = 2;\n' });
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
    const present = await until(
      'a part uploaded',
      async () =>
        (await real.publisher.releases.readUploadPlan(versionId)).parts.filter((part) => part.present).length,
      { giveUp: () => (killed.child.exitCode === null ? undefined : killed.texts.err) },
    );
    killed.child.kill('SIGKILL');
    await killed.ended;
    const { exit, out } = await run(['publish', 'plugin']);
    expect(exit).toBe(0);
    const [, sent, parts, kept] = /(\d+) of (\d+) parts? sent, (\d+) already uploaded/.exec(out) ?? [];
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

describe('the npm packages', () => {
  test('px-plugin --help loads no code of any command; a command loads its own', async () => {
    const program = installedProgram(installed, 'px-plugin');
    const commands = async (...args: string[]) =>
      (await listSources(await listLoadedFiles(program, args))).filter((name) =>
        /^cli\/(?!main|program|commands\.|settings|terminal\/)/.test(name),
      );
    expect(await commands('--help')).toEqual([]);
    expect(await commands('init', '--help')).toContain('cli/commands/init.ts');
  }, 120_000);

  test('a program in TypeScript compiles against the types of the SDK, and a wrong call does not', async () => {
    const consumer = `
      import { createClient, Refusal, type Receipt, type ReleaseView } from '@spillway/sdk';
      const client = createClient({ baseUrl: 'http://localhost', token: 'secret' });
      export async function show(id: string): Promise<string> {
        const release: ReleaseView = await client.releases.read(id);
        // @ts-expect-error: a release has no such field
        release.nothing;
        // @ts-expect-error: the id is a string
        await client.releases.read(1);
        return release.state;
      }
      export const isRefusal = (error: unknown): boolean => error instanceof Refusal;
      export const toId = (receipt: Receipt): string => receipt.publishId;
    `;
    await writeFile(path.join(installed, 'consumer.ts'), consumer);
    const options = {
      strict: true,
      noEmit: true,
      target: 'es2023',
      module: 'node20',
      types: ['node'],
      typeRoots: [path.join(repositoryRoot, 'node_modules', '@types')],
    };
    const settings = { compilerOptions: options, files: ['consumer.ts'] };
    await writeFile(path.join(installed, 'tsconfig.json'), JSON.stringify(settings));
    const compiler = path.join(repositoryRoot, 'node_modules', '@typescript', 'native', 'bin', 'tsc');
    await runProgram(process.execPath, [compiler, '-p', 'tsconfig.json'], { cwd: installed });
  }, 120_000);

  test.each(['@spillway/sdk', '@spillway/host'])('%s is one module for require and import', async (name) => {
    const program = `
      import * as imported from '${name}';
      import { createRequire } from 'node:module';
      const required = createRequire(import.meta.url)('${name}');
      const names = Object.keys(required);
      console.log(names.length > 0 && names.every((each) => imported[each] === required[each]));
    `;
    const args = ['--input-type=module', '--eval', program];
    expect(await runProgram(process.execPath, args, { cwd: installed })).toBe('true\n');
  });
});

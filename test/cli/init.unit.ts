import { spawnSync } from 'node:child_process';
import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { runCli } from '../support/cli/runCli';
import { temporaryFolder } from '../support/temporaryFolder';
import { writeTree } from '../support/writeTree';

let folder: string;
beforeEach(() => {
  folder = temporaryFolder('cli');
});

const run = (...args: string[]) => runCli(args, { cwd: folder });

interface Made {
  folder: string;
  notes: string;
  manifest: { id: string; name: string; version: string; permissions: string[]; runtime: { entry: string } };
}

/** Makes a plugin folder of some files. */
async function init(files: Record<string, string | Buffer>, ...args: string[]) {
  writeTree(path.join(folder, 'source'), files);
  const { exit, out, err } = await run('init', '--from', './source', '--out', 'made', '--json', ...args);
  return { exit, err, made: exit === 0 ? (JSON.parse(out) as Made) : undefined };
}

const packageJson = (more: object = {}) => JSON.stringify({ name: 'demo-notes', version: '1.2.3', ...more });
const tar = () => Buffer.concat([Buffer.alloc(257), Buffer.from('ustar'), Buffer.alloc(250 + 1024)]);

describe('init', () => {
  test('makes a folder that passes the prechecks as it is', async () => {
    const { made } = await init({
      'package.json': packageJson({ license: 'MIT', author: { name: 'A' } }),
      'index.js': '',
      LICENSE: 'MIT',
    });
    expect(made?.manifest).toMatchObject({ id: 'com.example.demo-notes', version: '1.2.3', permissions: [] });
    await run('keys', 'create');
    const report = await run('precheck', 'made', '--json');
    expect(report.exit).toBe(0);
    expect(JSON.parse(report.out)).toMatchObject({ valid: true });
    expect((await readdir(path.join(folder, 'made'))).sort()).toEqual(
      ['CHANGELOG.md', 'LICENSE', 'dist', 'manifest.json', 'plugin.yaml', 'publish.yml'].sort(),
    );
  });

  test.each<[string, Record<string, string | Buffer>, string]>([
    [
      'main of package.json',
      { 'package.json': packageJson({ main: './lib/a' }), 'lib/a.js': '', 'index.js': '' },
      'dist/lib/a.js',
    ],
    [
      'exports of package.json',
      {
        'package.json': packageJson({
          exports: { '.': { import: './e.mjs', require: './e.cjs' } },
          main: 'index.js',
        }),
        'e.cjs': '',
        'e.mjs': '',
        'index.js': '',
      },
      'dist/e.cjs',
    ],
    [
      'a folder with an index',
      { 'package.json': packageJson({ main: 'lib' }), 'lib/index.js': '' },
      'dist/lib/index.js',
    ],
    [
      'main of a manifest for another host',
      {
        'manifest.json': JSON.stringify({ id: 'x', name: 'X', version: '2.0.0', main: 'plugin.js' }),
        'plugin.js': '',
        'other.js': 'longer',
      },
      'dist/plugin.js',
    ],
    [
      'main.js where nothing is named',
      { 'package.json': packageJson(), 'main.js': '', 'zz.js': 'much longer' },
      'dist/main.js',
    ],
    [
      'the largest code that is no test',
      { 'package.json': packageJson(), 'b/a.js': '1', 'b/b.js': '222', 'b/b.test.js': '333333' },
      'dist/b/b.js',
    ],
    [
      'an archive where there is no code',
      { 'package.json': packageJson(), 'README.md': 'x'.repeat(9999), 'out/p.jpl': tar() },
      'dist/out/p.jpl',
    ],
  ])('takes as the entry %s', async (_name, files, entry) => {
    const { made } = await init(files);
    expect(made?.manifest.runtime.entry).toBe(entry);
  });

  test('takes name, permissions and description from the manifest of another host', async () => {
    const host = {
      id: 'tool',
      name: 'Tool',
      version: '2.0.0',
      permissions: ['storage', 'network:get'],
      main: 'a.js',
    };
    const { made } = await init({
      'sub/tool.json': JSON.stringify(host),
      'sub/a.js': '',
      'package.json': packageJson(),
    });
    expect(made?.manifest).toMatchObject({
      name: 'Tool',
      version: '1.2.3',
      permissions: ['network.get', 'storage'],
    });
  });

  test('derives the id from scope and name, and lets package.json and --id say another', async () => {
    const scoped = await init({ 'package.json': packageJson({ name: '@Acme/My_Tool' }), 'index.js': '' });
    expect(scoped.made?.manifest.id).toBe('com.example.acme.my_tool');
    const own = { 'package.json': packageJson({ 'px-plugin': { id: 'com.acme.tool' } }) };
    expect((await init(own, '--force')).made?.manifest.id).toBe('com.acme.tool');
    expect((await init(own, '--force', '--id', 'com.acme.other')).made?.manifest.id).toBe('com.acme.other');
  });

  test("uses the package's own changelog when it tells of the version, else marks a section as generated", async () => {
    const source = {
      'package.json': packageJson(),
      'index.js': '',
      'CHANGELOG.md': '# Changes\n\n## 1.2.3\n\n- Own words.\n',
    };
    expect((await init(source)).made?.notes).toBe('own');
    const next = await init({}, '--force', '--set-version', '1.3.0');
    expect(next.made).toMatchObject({ notes: 'generated', manifest: { version: '1.3.0' } });
    const log = await readFile(path.join(folder, 'made', 'CHANGELOG.md'), 'utf8');
    expect(log).toMatch(/## 1\.3\.0\n\n<!-- generated by px-plugin -->/);
    expect(log).toContain('Own words.');
  });

  test('leaves behind what belongs to package managers, and what may hold credentials', async () => {
    await init({
      'package.json': packageJson(),
      'index.js': '',
      'node_modules/dep/index.js': '',
      'package-lock.json': '{}',
      '.npmrc': 'token',
      '.env.local': 'SECRET=1',
      '.git/config': '',
    });
    const names = await readdir(path.join(folder, 'made', 'dist'), { recursive: true });
    expect(names.sort()).toEqual(['index.js', 'package.json', 'px-health.cjs']);
  });

  test('does not touch a folder that holds files, unless it is told to', async () => {
    const source = { 'package.json': packageJson(), 'index.js': '' };
    await mkdir(path.join(folder, 'made'));
    await writeFile(path.join(folder, 'made', 'mine.txt'), 'mine');
    const refused = await init(source);
    expect(refused.exit).toBe(4);
    expect(refused.err).toContain('TARGET_TAKEN');
    expect(await readdir(path.join(folder, 'made'))).toEqual(['mine.txt']);
    expect((await init(source, '--force')).exit).toBe(0);
    // Neither a refusal nor a success leaves a draft behind.
    expect((await readdir(folder)).filter((name) => name.startsWith('.px-init'))).toEqual([]);
  });

  test.each(['./nowhere', 'git+ssh://example.com/x', 'https://example.com/x.tgz', 'a/b'])(
    '%s is neither a folder nor a package',
    async (from) => {
      const { exit, err } = await run('init', '--from', from);
      expect(exit).toBe(1);
      expect(err).toContain('SOURCE_UNREADABLE');
    },
  );

  test('a source that holds nothing to run is refused', async () => {
    const { exit, err } = await init({ 'package.json': packageJson(), 'README.md': 'x' });
    expect(exit).toBe(1);
    expect(err).toContain('no file that a host could load');
  });
});

describe('the generated health check', () => {
  /** Runs it as a host does. */
  async function check(entry: string, content: string | Buffer, data?: string) {
    const { made } = await init(
      { 'package.json': packageJson({ main: entry }), [entry]: content },
      '--force',
    );
    const state = path.join(folder, 'data');
    await mkdir(state, { recursive: true });
    if (data !== undefined) await writeFile(path.join(state, 'state.json'), data);
    const env = {
      ...process.env,
      PX_PLUGIN_ENTRY: `dist/${entry}`,
      PX_PLUGIN_DATA: state,
      PX_PLUGIN_VERSION: '1.2.3',
    };
    const ran = spawnSync(process.execPath, ['dist/px-health.cjs'], {
      cwd: made!.folder,
      env,
      encoding: 'utf8',
    });
    return { status: ran.status, said: ran.stdout, state };
  }

  test.each([
    ['a.js', 'module.exports = 1;'],
    ['a.js', '#!/usr/bin/env node\nreturn;'],
    ['a.mjs', 'import fs from "node:fs";\nexport default await fs;'],
    ['a.json', '{}'],
    ['a.bin', 'anything'],
    ['a.jpl', tar()],
  ])('finds %s healthy', async (entry, content) => {
    expect(await check(entry, content)).toMatchObject({ status: 0, said: 'healthy: 1.2.3\n' });
  });

  test.each([
    ['a.js', 'module.exports = {'],
    ['a.mjs', 'export default {'],
    ['a.json', '{'],
    ['a.zip', 'PK\u0003\u0004 cut short'],
    ['a.jpl', tar().subarray(0, 700).fill(1, 600)],
  ])('finds a broken %s unhealthy and says why in one line', async (entry, content) => {
    const { status, said } = await check(entry, content);
    expect(status).toBe(1);
    expect(said).toMatch(/^unhealthy: dist\/a\.\w+ cannot be used: .+\n$/);
  });

  test('data of an earlier version survive, and data that cannot be read are an unhealthy upgrade', async () => {
    const upgraded = await check('a.js', '', '{"starts":4,"lastHealthyVersion":"1.0.0","own":true}');
    expect(upgraded.said).toBe('healthy: 1.2.3, before it 1.0.0\n');
    expect(JSON.parse(await readFile(path.join(upgraded.state, 'state.json'), 'utf8'))).toEqual({
      starts: 5,
      lastHealthyVersion: '1.2.3',
      own: true,
    });
    expect(await check('a.js', '', 'not json')).toMatchObject({ status: 1 });
  });
});

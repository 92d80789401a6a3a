import { existsSync } from 'node:fs';
import { readFile, readdir, symlink } from 'node:fs/promises';
import path from 'node:path';
import { runCli } from '../support/cli/runCli';
import { startNpmRegistry, type NpmRegistry } from '../support/npmRegistry';
import { temporaryFolder } from '../support/temporaryFolder';
import { writeTree } from '../support/writeTree';

const json = (value: object): string => JSON.stringify(value);
const dependency = (
  name: string,
  version: string,
  more: object = {},
  files: Record<string, string | Buffer> = {},
) => ({
  'package.json': json({ name, version, license: 'MIT', ...more }),
  'index.js': `module.exports = '${name}@${version}';`,
  ...files,
});

let registry: NpmRegistry;
let home: string;
beforeAll(async () => {
  registry = await startNpmRegistry(temporaryFolder('registry'), [
    dependency('left', '1.0.0', { dependencies: { right: '^1.0.0' } }, { LICENSE: 'The text of a licence' }),
    dependency('left', '1.1.0', { dependencies: { right: '^1.0.0' } }, { LICENSE: 'The text of a licence' }),
    dependency('right', '1.0.0'),
    dependency('tester', '1.0.0'),
    dependency('frame', '18.0.0', { dependencies: { inner: '1.0.0' } }),
    dependency('inner', '1.0.0'),
    dependency('widget', '1.0.0', { dependencies: { frame: '*' } }),
    dependency(
      'builds',
      '1.0.0',
      { scripts: { postinstall: 'touch ran' } },
      {
        'prebuilds/linux.node': 'an add-on',
        'bin/tool': Buffer.from([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0]),
        'test/server.pem': '-----BEGIN PRIVATE KEY-----\nx\n-----END PRIVATE KEY-----\n',
      },
    ),
    dependency('strays', '1.0.0', { dependencies: { elsewhere: 'github:nobody/elsewhere' } }),
  ]);
});
afterAll(() => registry.close());
beforeEach(() => {
  home = temporaryFolder('cli');
});

interface Made {
  leftBehind: string[];
  manifest: { runtime: { provided?: string[]; health: { notLoaded?: string } } };
  dependencies: Record<'packages' | 'copied' | 'foreign' | 'natives' | 'scripts' | 'unlicensed', string[]> & {
    lock?: string;
    missing: object[];
  };
}

async function init(files: Record<string, string>, from = 'source', ...more: string[]) {
  writeTree(home, files);
  const env = { PX_CACHE_DIR: path.join(home, 'cache') };
  const args = ['init', '--from', `./${from}`, '--out', 'made', '--json', ...more];
  const { exit, out } = await runCli(args, { cwd: home, env });
  return { exit, out, made: JSON.parse(out) as Made };
}

const plugin = (packageJson: object, index: string) => ({
  'source/package.json': json({ name: 'plugin', version: '1.0.0', main: 'index.js', ...packageJson }),
  'source/index.js': index,
});
const vendored = (...names: string[]): string => path.join(home, 'made/dist/node_modules', ...names);
const precheck = async () => {
  await runCli(['keys', 'create'], { cwd: home });
  const { out } = await runCli(['precheck', 'made', '--json'], { cwd: home });
  return (JSON.parse(out) as { errors?: { code: string; detail: string }[] }).errors ?? [];
};

test('init brings production dependencies into the package, with the texts of their licences', async () => {
  const { made } = await init(
    plugin({ dependencies: { left: '^1.0.0' }, devDependencies: { tester: '1.0.0' } }, "require('left');"),
  );
  expect(made.dependencies).toMatchObject({ packages: ['left@1.1.0', 'right@1.0.0'], unlicensed: ['right'] });
  expect((await readdir(vendored())).sort()).toEqual(['left', 'right']);
  expect(await readFile(vendored('left', 'LICENSE'), 'utf8')).toBe('The text of a licence');
  expect(await precheck()).toEqual([]);
});

test('init takes the versions of the lock file', async () => {
  const entry = (name: string, version: string) => ({
    version,
    resolved: `${registry.url}/${name}/-/${version}.tgz`,
  });
  const packages = {
    '': {
      name: 'plugin',
      version: '1.0.0',
      dependencies: { left: '^1.0.0' },
      devDependencies: { tester: '1.0.0' },
    },
    'node_modules/left': { ...entry('left', '1.0.0'), dependencies: { right: '^1.0.0' } },
    'node_modules/right': entry('right', '1.0.0'),
    'node_modules/tester': { ...entry('tester', '1.0.0'), dev: true },
  };
  const { made } = await init({
    ...plugin({ dependencies: { left: '^1.0.0' }, devDependencies: { tester: '1.0.0' } }, "require('left');"),
    'source/package-lock.json': json({ name: 'plugin', version: '1.0.0', lockfileVersion: 3, packages }),
  });
  expect(made.dependencies).toMatchObject({
    packages: ['left@1.0.0', 'right@1.0.0'],
    lock: 'package-lock.json',
  });
});

test('init runs no script of a dependency, and names the add-ons and keys that it leaves out', async () => {
  const { made } = await init(plugin({ dependencies: { builds: '1.0.0' } }, "require('builds');"));
  expect(made.dependencies).toMatchObject({ natives: ['builds'], scripts: ['builds'] });
  expect(made.leftBehind).toEqual(['node_modules/builds/test/server.pem']);
  expect((await readdir(vendored('builds'), { recursive: true })).sort()).toEqual([
    ...['bin', 'index.js', 'package.json', 'prebuilds', 'test'],
  ]);
});

test('init leaves to the host what the package expects of it, also when a dependency asks for it', async () => {
  const { made } = await init(
    plugin(
      { dependencies: { widget: '1.0.0' }, peerDependencies: { frame: '>=17' } },
      "require('widget');\nrequire('frame');",
    ),
  );
  expect(made.manifest.runtime).toMatchObject({
    provided: ['frame'],
    health: { notLoaded: 'it needs frame, which its host provides' },
  });
  expect(await readdir(vendored())).toEqual(['widget']);
  expect(await precheck()).toEqual([]);
});

test('init --dependencies provided brings none and says in the manifest that the host has them', async () => {
  const { made } = await init(
    plugin({ dependencies: { left: '^1.0.0' } }, "require('left');"),
    'source',
    '--dependencies',
    'provided',
  );
  expect(made.manifest.runtime.provided).toEqual(['left']);
  expect(existsSync(vendored())).toBe(false);
  expect(await precheck()).toEqual([]);
});

test('init brings nothing into a package whose scripts hold what they need', async () => {
  const { made } = await init(plugin({ dependencies: { left: '^1.0.0' } }, 'module.exports = 1;'));
  expect(made.dependencies.packages).toEqual([]);
});

test('init copies what links of a workspace lead to, and writes nothing into it', async () => {
  writeTree(home, {
    'ws/package.json': json({ private: true, workspaces: ['packages/*'] }),
    'ws/packages/plug/package.json': json({
      name: 'plug',
      version: '1.0.0',
      dependencies: { near: '*', left: '^1.0.0' },
    }),
    'ws/packages/plug/index.js': "module.exports = [require('near'), require('left')];",
    'ws/packages/near/package.json': json({
      name: 'near',
      version: '2.0.0',
      dependencies: { far: 'workspace:*' },
    }),
    'ws/packages/near/index.js': "module.exports = require('far');",
    'ws/packages/far/package.json': json({ name: 'far', version: '3.0.0' }),
    'ws/packages/far/index.js': 'module.exports = 3;',
    'ws/node_modules/.keep': '',
  });
  for (const name of ['near', 'far', 'plug'])
    await symlink(`../packages/${name}`, path.join(home, 'ws/node_modules', name));
  const before = await readdir(path.join(home, 'ws'), { recursive: true });
  const { made } = await init({}, 'ws/packages/plug');
  expect(made.dependencies).toMatchObject({
    packages: ['far@3.0.0', 'left@1.1.0', 'near@2.0.0', 'right@1.0.0'],
    copied: ['../near', '../far'],
  });
  const entries = await readdir(vendored(), { withFileTypes: true });
  expect(entries.filter((entry) => !entry.isDirectory())).toEqual([]);
  expect(await readdir(path.join(home, 'ws'), { recursive: true })).toEqual(before);
});

test('a folder that does not say that it is the package is not taken for it', async () => {
  const { made } = await init({
    ...plugin({ dependencies: { own: 'file:../private' } }, "require('own');"),
    'private/package.json': json({ name: 'other', version: '1.0.0' }),
    'private/customers.csv': 'private',
  });
  expect(made.dependencies.foreign).toEqual(['own (file:../private)']);
  expect(existsSync(vendored())).toBe(false);
});

test('what lies outside of the registry is left out, and precheck says which line loads it', async () => {
  const { made } = await init({
    ...plugin(
      { dependencies: { strays: '1.0.0', left: '^1.0.0', gone: 'git+ssh://git@example.com/gone.git' } },
      "require('./lib/a');\ntry { require('may-be') } catch {}\nrequire('left');",
    ),
    'source/lib/a.js':
      "'use strict';\nrequire('strays');\nexports.late = () => require('gone');\nrequire('node:fs');",
    'source/unused.js': "require('never');",
  });
  expect(made.dependencies.foreign).toEqual(['gone (git+ssh://git@example.com/gone.git)', 'strays']);
  expect(await precheck()).toEqual([
    expect.objectContaining({
      code: 'IMPORT_UNSATISFIED',
      detail: 'dist/lib/a.js, line 2: nothing in the package provides "strays".',
    }),
    expect.objectContaining({ detail: 'dist/lib/a.js, line 3: nothing in the package provides "gone".' }),
  ]);
});

test('a dependency that the registry does not have is refused by name', async () => {
  const { exit, out } = await init(plugin({ dependencies: { nowhere: '1.0.0' } }, "require('nowhere');"));
  expect(exit).toBe(1);
  expect(out).toContain('DEPENDENCY_UNRESOLVED');
  expect(out).toContain('nowhere');
});

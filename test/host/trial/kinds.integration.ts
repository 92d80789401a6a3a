import { spawn } from 'node:child_process';
import { copyFile, mkdir, readdir } from 'node:fs/promises';
import path from 'node:path';
import { runCli } from '../../support/cli/runCli';
import { startNpmRegistry, type NpmRegistry } from '../../support/npmRegistry';
import { temporaryFolder } from '../../support/temporaryFolder';
import { writeTree } from '../../support/writeTree';

const root = path.resolve(__dirname, '../../..');
const json = (value: object): string => JSON.stringify(value);
const ADD = Buffer.from(
  '0061736d0100000001070160027f7f017f030201000707010361646400000a09010700200020016a0b',
  'hex',
);

let home: string;
let registry: NpmRegistry;
beforeAll(async () => {
  home = temporaryFolder('kinds');
  const dependency = {
    'package.json': json({ name: 'left', version: '1.0.0' }),
    'index.js': 'exports.left = 1;',
  };
  const pure = {
    'package.json': json({ name: 'pure', version: '1.0.0', type: 'module', exports: './index.js' }),
    'index.js': 'export const pure = 1;',
  };
  registry = await startNpmRegistry(temporaryFolder('registry'), [dependency, pure]);
  await run('keys', 'create');
  await mkdir(path.join(home, 'trusted'));
  await copyFile(path.join(home, 'signing/default/public.asc'), path.join(home, 'trusted/publisher.asc'));
});
afterAll(() => registry.close());

const run = (...args: string[]) =>
  runCli(args, { cwd: home, env: { PATH: process.env.PATH, PX_CACHE_DIR: path.join(home, 'cache') } });

/** What a host makes of the package, as one that is thrown away. */
async function tryAsHost(packageFile: string): Promise<unknown> {
  const flags = ['--package', packageFile, '--keys', 'trusted', '--data', 'data'];
  const program = [path.join(root, 'host/trial/main.ts'), ...flags];
  const child = spawn(
    process.execPath,
    ['--import', path.join(root, 'node_modules/tsx/dist/loader.mjs'), ...program],
    {
      cwd: home,
    },
  );
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (piece: string) => (output += piece));
  await new Promise((resolve) => child.once('close', resolve));
  return JSON.parse(output);
}

// One of each kind of the packages that `npm run corpus` carries, without a network.
test.each<[kind: string, packageJson: object, files: Record<string, string | Buffer>, said: RegExp]>([
  [
    'commonjs',
    { main: 'index.js', dependencies: { left: '^1.0.0' } },
    { 'index.js': "require('left');" },
    /^healthy: 1\.0\.0$/,
  ],
  [
    'module',
    { type: 'module', exports: './index.js', dependencies: { pure: '^1.0.0' } },
    { 'index.js': "export { pure } from 'pure';" },
    /^healthy: 1\.0\.0$/,
  ],
  [
    'of-a-host',
    { main: 'main.js', devDependencies: { obsidian: '*' } },
    { 'main.js': "const { Plugin } = require('obsidian'); module.exports = class extends Plugin {};" },
    /the entry was not loaded: it needs obsidian, which its host provides$/,
  ],
  [
    'front-end',
    { main: 'widget.js' },
    { 'widget.js': '(function ($) { $.fn.widget = 1; })(window.jQuery);' },
    /the entry was not loaded: it needs window, which only its host has$/,
  ],
  ['webassembly', { main: 'add.wasm' }, { 'add.wasm': ADD }, /^healthy: 1\.0\.0$/],
  [
    'archive',
    { keywords: ['joplin-plugin'] },
    { 'publish/plugin.jpl': Buffer.concat([Buffer.alloc(257), Buffer.from('ustar'), Buffer.alloc(1274)]) },
    /^healthy: 1\.0\.0$/,
  ],
])('a plugin of the kind "%s" goes from init to a healthy host', async (kind, packageJson, files, said) => {
  writeTree(path.join(home, kind), {
    ...files,
    'package.json': json({ name: kind, version: '1.0.0', ...packageJson }),
    'CHANGELOG.md': '# Changes\n\n## 1.0.0\n\n- First.\n',
  });
  const made = await run('init', '--from', `./${kind}`, '--out', `made-${kind}`, '--json');
  expect(JSON.parse(made.out)).toMatchObject({ tried: { healthy: true, said: expect.stringMatching(said) } });
  const packed = await run('pack', `made-${kind}`, '--json');
  expect(packed.exit).toBe(0);
  const packages = path.join(home, `made-${kind}/.px-plugin/packages`);
  const file = (await readdir(packages)).find((name) => name.endsWith('.pxp')) ?? '';
  expect(await tryAsHost(path.join(packages, file))).toMatchObject({ healthy: true, sandbox: 'namespaces' });
});

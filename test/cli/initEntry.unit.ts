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
  manifest: {
    id: string;
    name: string;
    version: string;
    permissions: string[];
    runtime: { entry: string; health: object };
  };
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
      'the plugin, and neither a build tool nor a utility beside it',
      {
        'package.json': packageJson(),
        'Gruntfile.js': 'x'.repeat(99),
        'webpack.config.js': 'x'.repeat(99),
        'utils/index.js': 'x'.repeat(99),
        'src/deep/notes.js': '1',
      },
      'dist/src/deep/notes.js',
    ],
    [
      'the file that has the name of the package',
      { 'package.json': packageJson(), 'other.js': 'x'.repeat(99), 'demo-notes.js': '1' },
      'dist/demo-notes.js',
    ],
    [
      'what the package offers under another name, and not its program',
      {
        'package.json': packageJson({
          bin: 'bin/tool',
          exports: { './admin': './d/admin.js', './server': { require: './d/server.js' } },
        }),
        'bin/tool': '#!/usr/bin/env node',
        'd/admin.js': '',
        'd/server.js': '',
      },
      'dist/d/server.js',
    ],
    [
      'the program where there is nothing else',
      {
        'package.json': packageJson({ bin: { tool: './bin/tool.js' } }),
        'bin/tool.js': '',
        'utils/a.js': '',
      },
      'dist/bin/tool.js',
    ],
    [
      'the node of a package for Node-RED',
      {
        'package.json': packageJson({ 'node-red': { nodes: { timer: 'timer.js' } } }),
        'timer.js': '',
        'other.js': 'longer',
      },
      'dist/timer.js',
    ],
    [
      'a page where there is nothing but a front end',
      { 'package.json': packageJson(), 'about.html': 'x', 'index.html': 'x', 'style.css': 'x' },
      'dist/index.html',
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
});

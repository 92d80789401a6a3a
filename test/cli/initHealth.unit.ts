import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { detectSandbox } from '../../host/sandbox/detect';
import { createHealthRunner, type RunHealth } from '../../host/sandbox/health';
import { nodePermissionSandbox } from '../../host/sandbox/nodePermission';
import type { Sandbox } from '../../host/sandbox/sandbox';
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

// The driver of this machine, and the one for machines that have nothing better: hosts run it under either.
describe.each<[string, () => Promise<Sandbox>]>([
  ['the best sandbox of this machine', async () => (await detectSandbox(process.env)).sandbox],
  ['the sandbox for machines that have nothing better', () => Promise.resolve(nodePermissionSandbox)],
])('the generated health check, in %s,', (_title, open) => {
  let runHealth: RunHealth;
  beforeAll(async () => {
    runHealth = createHealthRunner(await open(), { isKept: true });
  });

  interface Checked {
    files?: Record<string, string | Buffer>;
    data?: string;
    notLoaded?: string;
    more?: object;
  }

  /** Runs it exactly as a host does. */
  async function check(
    entry: string,
    content: string | Buffer,
    { files, data, notLoaded, more }: Checked = {},
  ) {
    const source = { 'package.json': packageJson({ main: entry, ...more }), [entry]: content, ...files };
    const { made } = await init(source, '--force');
    expect(made?.manifest.runtime.entry).toBe(`dist/${entry}`);
    const plugin = made!.folder;
    if (notLoaded !== undefined) {
      const { runtime } = made!.manifest;
      const changed = {
        ...made!.manifest,
        runtime: { ...runtime, health: { ...runtime.health, notLoaded } },
      };
      await writeFile(path.join(plugin, 'manifest.json'), JSON.stringify(changed));
    }
    const state = path.join(folder, 'data');
    await mkdir(state, { recursive: true });
    if (data !== undefined) await writeFile(path.join(state, 'state.json'), data);
    const { healthy, output } = await runHealth({
      folder: plugin,
      data: state,
      version: '1.2.3',
      entry: `dist/${entry}`,
      script: 'dist/px-health.cjs',
      timeoutMs: 20_000,
    });
    return { healthy, said: output, state };
  }

  const ADD = Buffer.from(
    '0061736d0100000001070160027f7f017f030201000707010361646400000a09010700200020016a0b',
    'hex',
  );

  test.each<[what: string, entry: string, content: string | Buffer, more?: Checked]>([
    [
      'a CommonJS module',
      'a.js',
      'module.exports = require("./b").b;',
      { files: { 'b.js': 'exports.b = 1;' } },
    ],
    ['a program', 'a.js', '#!/usr/bin/env node\nreturn;'],
    ['an ES module by its ending', 'a.mjs', 'import fs from "node:fs";\nexport default await fs;'],
    [
      'an ES module by its package',
      'a.js',
      'export * from "./b.js";',
      { files: { 'b.js': 'export const b = 1;' }, more: { type: 'module' } },
    ],
    ['a module that leaves work going on', 'a.js', 'setInterval(() => {}, 1000);'],
    ['WebAssembly', 'a.wasm', ADD],
    ['data', 'a.json', '{}'],
    [
      'a page with its script',
      'a.html',
      '<script src="./app.js?v=1"></script><link href="https://example.com/x.css">',
      { files: { 'app.js': '' } },
    ],
    ['any other file', 'a.bin', 'anything'],
    ['a tar archive', 'a.jpl', tar()],
    ['a compressed archive', 'a.tgz', gzipSync(tar())],
  ])('finds %s healthy', async (_what, ...source) => {
    expect(await check(...source)).toMatchObject({ healthy: true, said: 'healthy: 1.2.3' });
  });

  test.each<[string, string, string | Buffer, RegExp]>([
    ['a script that does not parse', 'a.js', 'module.exports = {', /SyntaxError: /],
    ['a module that does not parse', 'a.mjs', 'export default {', /SyntaxError: /],
    [
      'a script that loads what is not there',
      'a.js',
      'require("absent")',
      /MODULE_NOT_FOUND: Cannot find module 'absent'/,
    ],
    [
      'a module that loads what is not there',
      'a.mjs',
      'import "absent"',
      /ERR_MODULE_NOT_FOUND: Cannot find package 'absent'/,
    ],
    ['a script that throws', 'a.js', 'throw new TypeError("no such thing")', /TypeError: no such thing/],
    ['data that do not parse', 'a.json', '{', /SyntaxError: /],
    ['WebAssembly that was cut short', 'a.wasm', ADD.subarray(0, 30), /CompileError: /],
    [
      'a page whose script is missing',
      'a.html',
      '<script src=app.js></script>',
      /it names app\.js, which is not there/,
    ],
    ['a zip archive that was cut short', 'a.zip', 'PK\u0003\u0004 cut short', /the zip archive has no end/],
    [
      'a tar archive that was cut short',
      'a.jpl',
      tar().subarray(0, 700).fill(1, 600),
      /the tar archive has no end/,
    ],
    [
      'a compressed archive that was cut short',
      'a.tgz',
      gzipSync(tar()).subarray(0, 30),
      /unexpected end of file/,
    ],
  ])('finds %s unhealthy and says why in one line', async (_what, entry, content, why) => {
    const { healthy, said } = await check(entry, content);
    expect([healthy, said]).toEqual([
      false,
      expect.stringMatching(/^unhealthy: dist\/a\.\w+ cannot be used: [^\n]+$/),
    ]);
    expect(said).toMatch(why);
  });

  test.each([
    ['ends the process', 'process.exit(0)'],
    ['waits for what never comes', 'await new Promise(() => {})'],
  ])('finds a module that %s while it is loaded unhealthy', async (_what, content) => {
    const { healthy, said } = await check('a.mjs', content);
    expect([healthy, said]).toEqual([
      false,
      expect.stringContaining('the entry ended the process while it was loaded'),
    ]);
  });

  test.each(['a.js', 'a.mjs'])(
    'parses %s and runs nothing of it where the manifest says why',
    async (entry) => {
      const source = entry === 'a.js' ? 'require("host"); process.exit(7)' : 'import "host"; process.exit(7)';
      expect(await check(entry, source, { notLoaded: 'it needs its host' })).toMatchObject({
        healthy: true,
        said: 'healthy: 1.2.3; the entry was not loaded: it needs its host',
      });
      const broken = await check(entry, `${source} {`, { notLoaded: 'it needs its host' });
      expect([broken.healthy, broken.said]).toEqual([false, expect.stringContaining('SyntaxError')]);
    },
  );

  test('data of an earlier version survive, and data that cannot be read are an unhealthy upgrade', async () => {
    const upgraded = await check('a.js', '', {
      data: '{"starts":4,"lastHealthyVersion":"1.0.0","own":true}',
    });
    expect(upgraded.said).toBe('healthy: 1.2.3, before it 1.0.0');
    expect(JSON.parse(await readFile(path.join(upgraded.state, 'state.json'), 'utf8'))).toEqual({
      starts: 5,
      lastHealthyVersion: '1.2.3',
      own: true,
    });
    expect(await check('a.js', '', { data: 'not json' })).toMatchObject({ healthy: false });
  });
});

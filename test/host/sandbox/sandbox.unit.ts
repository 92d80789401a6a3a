import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { isAlive, type ProcessIdentity } from '../../../platform/processes/identity';
import { runHealth } from '../../../host/sandbox/sandbox';
import { temporaryFolder } from '../../support/builders/plugins';

let folder: string;
beforeEach(async () => {
  folder = await temporaryFolder('sandbox');
  await mkdir(path.join(folder, 'plugin'));
  await mkdir(path.join(folder, 'data'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const children: ProcessIdentity[] = [];

async function run(script: string, timeoutMs = 10_000) {
  await writeFile(path.join(folder, 'plugin/health.cjs'), script);
  return await runHealth({
    folder: path.join(folder, 'plugin'),
    data: path.join(folder, 'data'),
    version: '1.0.0',
    entry: 'main.js',
    script: 'health.cjs',
    timeoutMs,
    onStart: (child) => Promise.resolve(void children.push(child)),
  });
}

/** Prints what an attempt came to: a code, or that it worked. */
const attempt = (code: string) =>
  `try { ${code}; console.log('worked') } catch (error) { console.log(error.code) }`;

test('a health check sees its own entry, data and version, and nothing else of the host', async () => {
  process.env.SPILLWAY_TENANT_TOKEN = 'secret';
  const { healthy, output } = await run('console.log(JSON.stringify([process.env, process.cwd()]))');
  delete process.env.SPILLWAY_TENANT_TOKEN;
  expect(healthy).toBe(true);
  expect(JSON.parse(output)).toEqual([
    {
      PX_PLUGIN_ENTRY: path.join(folder, 'plugin/main.js'),
      PX_PLUGIN_DATA: path.join(folder, 'data'),
      PX_PLUGIN_VERSION: '1.0.0',
    },
    path.join(folder, 'plugin'),
  ]);
});

test.each([
  ['reads outside its folders', `require('fs').readFileSync('/etc/hostname')`],
  ['writes into its own code', `require('fs').writeFileSync('health.cjs', '')`],
  ['starts a program', `require('child_process').execSync('id')`],
  ['starts a thread', `new (require('worker_threads').Worker)('', { eval: true })`],
])('a health check that %s is denied', async (_what, code) => {
  expect((await run(attempt(code))).output).toBe('ERR_ACCESS_DENIED');
});

test('a health check may write its data', async () => {
  await run(`require('fs').writeFileSync(require('path').join(process.env.PX_PLUGIN_DATA, 'x'), 'y')`);
  expect(await readFile(path.join(folder, 'data/x'), 'utf8')).toBe('y');
});

test.each([
  ['process.exit(3)', 'status 3'],
  ['throw new Error("no")', 'status 1'],
  ['process.kill(process.pid, "SIGKILL")', 'SIGKILL'],
  ['this is no JavaScript', 'status 1'],
])('the check %s is unhealthy and the reason names its end', async (script, reason) => {
  const result = await run(script);
  expect([result.healthy, result.reason]).toEqual([false, expect.stringContaining(reason)]);
});

test('a check that blocks for ever is ended in time, and leaves no process', async () => {
  const result = await run('for (;;) {}', 500);
  expect(result).toMatchObject({ healthy: false, reason: 'The health script did not end within 0.5 s.' });
  const child = children.at(-1);
  expect(child && (await isAlive(child))).toBe(false);
});

test('what a check prints is bounded, and its end is kept', async () => {
  const { output } = await run(`console.log('x'.repeat(1e6)); console.log('\\u001b[31mthe end')`);
  expect(output.length).toBeLessThanOrEqual(4000);
  expect(output).toMatch(/the end$/);
  expect(output).not.toMatch(/\u001b/);
});

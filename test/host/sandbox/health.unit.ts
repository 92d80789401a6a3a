import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { isAlive, type ProcessIdentity } from '../../../platform/processes/identity';
import { detectSandbox } from '../../../host/sandbox/detect';
import { createHealthRunner } from '../../../host/sandbox/health';
import { nodePermissionSandbox } from '../../../host/sandbox/nodePermission';
import type { Sandbox } from '../../../host/sandbox/sandbox';
import { temporaryFolder } from '../../support/temporaryFolder';

let folder: string;
beforeEach(async () => {
  folder = await temporaryFolder('sandbox');
  await mkdir(path.join(folder, 'plugin'));
  await mkdir(path.join(folder, 'data'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Prints what an attempt came to: a code, or that it worked. */
const attempt = (code: string) =>
  `try { ${code}; console.log('worked') } catch (error) { console.log(error.code) }`;

// The driver of this machine, which is the weak one where there is nothing better, and the weak one itself.
describe.each<[string, () => Promise<Sandbox>]>([
  ['the best sandbox of this machine', async () => (await detectSandbox(process.env)).sandbox],
  ['the sandbox for machines that have nothing better', () => Promise.resolve(nodePermissionSandbox)],
])('in %s', (_title, open) => {
  let sandbox: Sandbox;
  const leaders: ProcessIdentity[] = [];
  beforeAll(async () => {
    sandbox = await open();
  });

  async function run(script: string, { timeoutMs = 20_000, isKept = true } = {}) {
    await writeFile(path.join(folder, 'plugin/health.cjs'), script);
    return await createHealthRunner(sandbox, { isKept })({
      folder: path.join(folder, 'plugin'),
      data: path.join(folder, 'data'),
      version: '1.0.0',
      entry: 'main.js',
      script: 'health.cjs',
      timeoutMs,
      onStart: (leader) => Promise.resolve(void leaders.push(leader)),
    });
  }

  test('a health check sees its own entry, data and version, and nothing else of the host', async () => {
    process.env.SPILLWAY_TENANT_TOKEN = 'secret';
    const { healthy, output } = await run('console.log(JSON.stringify([process.env, process.cwd()]))');
    delete process.env.SPILLWAY_TENANT_TOKEN;
    expect(healthy).toBe(true);
    const [{ PWD, ...seen }, cwd] = JSON.parse(output) as [Record<string, string>, string];
    // The one variable that bubblewrap adds.
    expect(PWD ?? cwd).toBe(cwd);
    expect([seen, cwd]).toEqual([
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

  test('a health check may write its data, and measure its memory', async () => {
    const { healthy } = await run(
      `require('fs').writeFileSync(require('path').join(process.env.PX_PLUGIN_DATA, 'x'), 'y'); process.memoryUsage()`,
    );
    expect(healthy).toBe(true);
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
    const result = await run('for (;;) {}', { timeoutMs: 500 });
    expect(result).toMatchObject({ healthy: false, reason: 'The health script did not end within 0.5 s.' });
    const leader = leaders.at(-1);
    expect(leader && isAlive(leader)).toBe(false);
  });

  test('what a check prints is bounded, and its end is kept', async () => {
    const { output } = await run(`console.log('x'.repeat(1e6)); console.log('\\u001b[31mthe end')`);
    expect(output.length).toBeLessThanOrEqual(4000);
    expect(output).toMatch(/the end$/);
    expect(output).not.toMatch(/\u001b/);
  });

  test.each([
    [
      'prints without end',
      `const text = 'x'.repeat(1e6); for (;;) require('fs').writeSync(1, text)`,
      'output',
    ],
    [
      'fills the disk',
      `for (let i = 0; ; i++) require('fs').writeFileSync(process.env.PX_PLUGIN_DATA + '/' + i, 'x'.repeat(2e6))`,
      'disk space',
    ],
  ])('a check that %s is ended, and the reason names what it used up', async (_what, script, reason) => {
    const result = await run(script);
    expect([result.healthy, result.reason]).toEqual([
      false,
      `The health script was ended because it used too much ${reason}.`,
    ]);
  });

  test('data that are thrown away may be written like any other', async () => {
    const code = `require('fs').writeFileSync(process.env.PX_PLUGIN_DATA + '/x', 'y')`;
    expect((await run(attempt(code), { isKept: false })).output).toBe('worked');
    expect(await readdir(path.join(folder, 'data'))).toEqual(sandbox.strength === 'strong' ? [] : ['x']);
  });
});

import { writeFile } from 'node:fs/promises';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createTrial } from '../../../adapters/scanners/compatibility/trial';
import { createTrialScanner } from '../../../adapters/scanners/compatibility/scanner';
import { temporaryFolder } from '../../support/builders/packages';

const folder = temporaryFolder();
const dir = path.join(folder, 'trials');
let count = 0;

/** A trial whose runner is this program. */
async function trialOf(source: string | undefined, deadlineMs = 20_000) {
  const program = source && path.join(folder, `runner-${(count += 1)}.cjs`);
  if (program) await writeFile(program, source);
  const trial = createTrial({ program, dir, deadlineMs });
  const { signal } = new AbortController();
  return trial.run({ packagePath: '/packages/x.pxp', keys: ['first key', 'second key'], signal });
}

const print = (result: object): string => `console.log(${JSON.stringify(JSON.stringify(result))});`;

test('a runner is given package, keys and a folder of its own, and its last line is the result', async () => {
  const source = `
    const fs = require('node:fs');
    const { values } = require('node:util').parseArgs({ options: { package: { type: 'string' }, keys: { type: 'string' }, data: { type: 'string' } } });
    const keys = fs.readdirSync(values.keys).map((name) => fs.readFileSync(values.keys + '/' + name, 'utf8'));
    const names = Object.keys(process.env).sort();
    console.log('noise');
    console.log(JSON.stringify({ healthy: true, phases: [], detail: JSON.stringify({ package: values.package, keys, names }) }));`;
  const { healthy, detail } = await trialOf(source);
  expect(healthy).toBe(true);
  const names = ['HOME', 'PATH', 'TMPDIR'];
  expect(JSON.parse(detail ?? '')).toEqual({
    package: '/packages/x.pxp',
    keys: ['first key', 'second key'],
    names,
  });
  expect(readdirSync(dir)).toEqual([]);
});

test('an unhealthy plugin is a result, whatever the exit status', async () => {
  const source = `${print({ healthy: false, phases: [{ name: 'health', ms: 3 }], errorCode: 'INSTALL_FAILED' })} process.exitCode = 1;`;
  expect(await trialOf(source)).toMatchObject({ healthy: false, errorCode: 'INSTALL_FAILED' });
});

test.each([
  ['no runner', undefined],
  ['a runner that crashes', 'process.abort();'],
  ['a runner that says nothing', ''],
  ['a runner that says something else', 'console.log("fine");'],
])('%s is no verdict on the plugin', async (_what, source) => {
  await expect(trialOf(source)).rejects.toThrow();
});

test('a runner that hangs is ended with everything that it started', async () => {
  const mark = path.join(folder, 'alive');
  const child = `setInterval(() => require('node:fs').writeFileSync(${JSON.stringify(mark)}, String(Date.now())), 20)`;
  const source = `require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(child)}], { stdio: 'ignore' }); setInterval(() => {}, 1000);`;
  await expect(trialOf(source, 1500)).rejects.toThrow('did not end in time');
  await sleep(200);
  await writeFile(mark, 'ended');
  await sleep(300);
  const { readFile } = await import('node:fs/promises');
  expect(await readFile(mark, 'utf8')).toBe('ended');
});

test('the scanner tells where an unhealthy plugin failed, and how long a healthy one took', async () => {
  const input = {
    path: '/p.pxp',
    signature: { keys: [], now: new Date() },
    signal: new AbortController().signal,
  };
  const scan = (result: object) =>
    createTrialScanner({ run: () => Promise.resolve({ phases: [], healthy: false, ...result }) }).scan(
      input as unknown as Parameters<ReturnType<typeof createTrialScanner>['scan']>[0],
    );
  expect(await scan({ phases: [{ name: 'health', ms: 1 }], detail: 'exit status 3' })).toEqual([
    { rule: 'health', severity: 'critical', detail: 'The trial failed in the phase "health": exit status 3' },
  ]);
  expect(await scan({ healthy: true, phases: [{ name: 'health', ms: 1.4 }] })).toEqual([
    { rule: 'health', severity: 'info', detail: 'Healthy in a throwaway host (health 1 ms).' },
  ]);
});

import { writeFile } from 'node:fs/promises';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  createTrial,
  type Trial,
  type TrialOutcome,
  type TrialResult,
} from '../../../adapters/scanners/compatibility/trial';
import { createTrialScanner } from '../../../adapters/scanners/compatibility/scanner';
import { runScanner, type ScanRun } from '../../../adapters/scanners/run';
import { temporaryFolder } from '../../support/temporaryFolder';

const folder = temporaryFolder('compatibility');
const dir = path.join(folder, 'trials');
let count = 0;

/** A trial whose runner is this program. */
async function makeTrial(source: string | undefined, deadlineMs = 20_000): Promise<Trial> {
  const program = source && path.join(folder, `runner-${(count += 1)}.cjs`);
  if (program) await writeFile(program, source);
  return createTrial({ program, dir, deadlineMs });
}

async function runTrial(source: string | undefined, deadlineMs = 20_000) {
  const trial = await makeTrial(source, deadlineMs);
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
  const outcome = await runTrial(source);
  const { healthy, detail } = outcome as TrialResult;
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
  expect(await runTrial(source)).toMatchObject({ healthy: false, errorCode: 'INSTALL_FAILED' });
});

test.each([
  ['no runner', undefined],
  ['a runner that crashes', 'process.abort();'],
  ['a runner that says nothing', ''],
  ['a runner that says something else', 'console.log("fine");'],
])('%s is no verdict on the plugin', async (_what, source) => {
  await expect(runTrial(source)).rejects.toThrow();
});

test('a runner that hangs is ended with everything that it started', async () => {
  const mark = path.join(folder, 'alive');
  const child = `setInterval(() => require('node:fs').writeFileSync(${JSON.stringify(mark)}, String(Date.now())), 20)`;
  const source = `require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(child)}], { stdio: 'ignore' }); setInterval(() => {}, 1000);`;
  await expect(runTrial(source, 1500)).rejects.toThrow('it took longer than a check may');
  await sleep(200);
  await writeFile(mark, 'ended');
  await sleep(300);
  const { readFile } = await import('node:fs/promises');
  expect(await readFile(mark, 'utf8')).toBe('ended');
});

/** What the scanner makes of a trial that came out like this. */
function report(outcome: TrialOutcome) {
  const trial: Trial = {
    run: () => Promise.resolve(outcome),
    detect: () => Promise.reject(new Error('unused')),
  };
  const input = { path: '/p.pxp', signature: { keys: [], now: new Date() } };
  const policy = { name: 'compatibility', enabled: true, enforced: true, required: true };
  return runScanner(createTrialScanner(trial), {
    policy,
    input: input as unknown as ScanRun['input'],
    timeoutMs: 10_000,
    now: () => new Date(),
  });
}

test('the scanner tells where an unhealthy plugin failed, how long a healthy one took, and in which sandbox', async () => {
  const healthAt = (ms: number) => [{ name: 'health', ms }];
  expect(await report({ healthy: false, phases: healthAt(3), detail: 'exit status 3' })).toMatchObject({
    verdict: 'fail',
    findings: [
      {
        rule: 'health',
        severity: 'critical',
        detail: 'The trial failed in the phase "health": exit status 3',
      },
    ],
  });
  expect(await report({ healthy: true, phases: healthAt(1.4), sandbox: 'namespaces' })).toMatchObject({
    verdict: 'pass',
    findings: [
      {
        rule: 'health',
        severity: 'info',
        detail: 'Healthy in a throwaway host in the sandbox namespaces (health 1 ms).',
      },
    ],
  });
});

test('a trial that cannot be contained does not run, which is no verdict and says why', async () => {
  const outcome = { notRun: { sandbox: 'node-permission', reason: 'The program bwrap is not on the PATH.' } };
  expect(await runTrial(print(outcome))).toEqual(outcome);
  expect(await report(outcome)).toMatchObject({
    verdict: 'inconclusive',
    findings: [
      {
        rule: 'not-run',
        severity: 'warning',
        detail: 'Not run: no containment on this machine (driver node-permission).',
      },
    ],
  });
});

test('a runner is asked how it contains code; one that is missing or silent contains nothing', async () => {
  const detect = async (source: string | undefined) => (await makeTrial(source)).detect();
  const strong = { driver: 'namespaces', strength: 'strong', detail: 'It holds.' } as const;
  expect(await detect(print(strong))).toEqual(strong);
  expect(await detect(undefined)).toMatchObject({ driver: 'none', strength: 'weak' });
  expect(await detect('process.abort();')).toMatchObject({ driver: 'none', strength: 'weak' });
});

test('a sandbox that was found strong is not tried out again in each trial; any other is', async () => {
  const answer = (strength: string) => {
    const found = JSON.stringify({ driver: 'd', strength, detail: '.' });
    const tried = `{ healthy: true, detail: String(process.argv.includes('--proven')) }`;
    return `console.log(process.argv.includes('--detect') ? ${JSON.stringify(found)} : JSON.stringify(${tried}));`;
  };
  const { signal } = new AbortController();
  const input = { packagePath: '/packages/x.pxp', keys: [], signal };
  const strong = await makeTrial(answer('strong'));
  expect(await strong.run(input)).toMatchObject({ detail: 'false' });
  await strong.detect();
  expect(await strong.run(input)).toMatchObject({ detail: 'true' });
  const weak = await makeTrial(answer('weak'));
  await weak.detect();
  expect(await weak.run(input)).toMatchObject({ detail: 'false' });
});

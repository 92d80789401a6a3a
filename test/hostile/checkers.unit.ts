import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { createChecks } from '../../adapters/scanners/checker/checks';
import { createCheckerPool, type CheckerPool } from '../../adapters/scanners/checker/pool';
import type { Checker } from '../../adapters/scanners/checker/process';
import { startChecker } from '../../adapters/scanners/checker/start';
import { createWarmUp } from '../../adapters/scanners/checker/warmUp';
import { identifyProcess } from '../../platform/processes/identity';
import { buildPackage } from '../support/builders/packages';
import { hostileZip } from '../support/builders/hostileZip';
import { signingKey } from '../support/builders/keys';
import { temporaryFolder } from '../support/temporaryFolder';
import { until } from '../support/waiting';

const loader = pathToFileURL(createRequire(__filename).resolve('tsx')).href;
const fromSource = (program: string): string[] => ['--import', loader, path.resolve(program)];

const folder = temporaryFolder('checkers');
let pool: CheckerPool;
let paths: string[];
let keys: string[];

beforeAll(async () => {
  const built = await Promise.all(
    ['one', 'another'].map((name) => buildPackage(mkdtempSync(path.join(folder, name)))),
  );
  paths = built.map((each) => each.path);
  keys = [(await signingKey()).publicKeyArmored];
});
afterAll(() => pool.close());

/** Checkers of that program, until others take their place. */
function useCheckers(...program: string[]): void {
  pool?.close();
  pool = createCheckerPool({ start: () => startChecker(program), atOnce: 2 });
}

interface Scan {
  file?: string;
  deadlineMs?: number;
  signal?: AbortSignal;
}

async function scan(name: string, { file = paths[0]!, deadlineMs = 60_000, ...given }: Scan = {}) {
  const checks = createChecks((job, run) => pool.ask(job, { ...run, deadlineMs }));
  const policy = { name, enabled: true, enforced: true, required: true };
  const { size: bytes } = await stat(file);
  const { signal = new AbortController().signal } = given;
  return checks.scan({ path: file, bytes, keys, now: new Date().toISOString() }, policy, signal);
}

const tell = async (...args: Parameters<typeof scan>): Promise<string[]> =>
  (await scan(...args)).findings.map(({ detail }) => detail);

describe('a package that makes its checker run wild', () => {
  beforeAll(() => useCheckers(...fromSource('test/hostile/support/hostileChecker.ts')));

  test.each([
    ['fills the heap', 'memory'],
    ['fills memory outside of the heap', 'memory'],
    ['recurses without end', 'memory'],
    ['answers without end', 'output'],
    ['answers twice', 'output'],
    ['answers what was not asked', 'output'],
    ['breaks off', 'crash'],
  ])('ends nothing but that process where it %s', async (attack, why) => {
    await expect(scan(attack)).rejects.toMatchObject({ name: 'CheckEnded', why });
    expect((await scan('tells its process')).verdict).toBe('pass');
  });

  test('is ended at its deadline, and other packages do not wait for that', async () => {
    const order: string[] = [];
    const blocked = scan('never comes to an end', { deadlineMs: 15_000 }).catch((error: unknown) => {
      order.push('hostile');
      return error;
    });
    await scan('tells its process', { file: paths[1]! });
    order.push('innocent');
    expect(await blocked).toMatchObject({ name: 'CheckEnded', why: 'time' });
    expect(order).toEqual(['innocent', 'hostile']);
  });

  test('leaves no process behind, also where the check is called off', async () => {
    const [pid] = await tell('tells its process');
    const calledOff = new AbortController();
    const blocked = scan('never comes to an end', { signal: calledOff.signal });
    await sleep(200);
    calledOff.abort(new Error('withdrawn'));
    await expect(blocked).rejects.toThrow('withdrawn');
    await expect(tell('tells its process')).resolves.not.toEqual([pid]);
    expect(identifyProcess(Number(pid))).toBeUndefined();
  });

  test('is not counted as the cause where somebody stops its checker', async () => {
    const stopped = scan('is stopped by somebody');
    await expect(stopped).rejects.toThrow('The checker was ended by SIGTERM.');
    await expect(stopped).rejects.not.toMatchObject({ name: 'CheckEnded' });
  });
});

describe('a checker', () => {
  beforeAll(() => useCheckers(...fromSource('test/hostile/support/hostileChecker.ts')));

  test('holds nothing of the environment of its worker, such as credentials', async () => {
    process.env.SPILLWAY_TEST_CREDENTIAL = 'secret';
    try {
      expect(await tell('tells its environment')).toEqual(['MALLOC_ARENA_MAX']);
    } finally {
      delete process.env.SPILLWAY_TEST_CREDENTIAL;
    }
  });

  test('serves one package, and every check of it', async () => {
    const [first, again] = [await tell('tells its process'), await tell('tells its process')];
    expect(again).toEqual(first);
    expect(await tell('tells its process', { file: paths[1]! })).not.toEqual(first);
  });

  test('that does not start is a fault of the platform, not of the package', async () => {
    useCheckers('no-such-program.cjs');
    await expect(scan('tells its process')).rejects.toThrow('The checker did not start.');
  });
});

describe('a checker in reserve', () => {
  const program = fromSource('test/hostile/support/hostileChecker.ts');
  const tellOf = async (checker: Checker): Promise<string | undefined> => {
    const { signal } = new AbortController();
    const checks = createChecks((job) => checker.ask(job, { deadlineMs: 60_000, signal }));
    const policy = { name: 'tells its process', enabled: true, enforced: true, required: true };
    const file = { path: paths[1]!, bytes: 1, keys, now: new Date().toISOString() };
    return (await checks.scan(file, policy, signal)).findings[0]?.detail;
  };

  test('is prepared before a package needs it, and serves that one package', async () => {
    let prepared: string | undefined;
    pool?.close();
    const warmUp = async (checker: Checker) => void (prepared ??= await tellOf(checker));
    pool = createCheckerPool({ start: () => startChecker(program), atOnce: 2, warmUp });
    await until('a checker that is prepared', () => prepared);
    expect(await tell('tells its process')).toEqual([prepared]);
    expect(await tell('tells its process', { file: paths[1]! })).not.toEqual([prepared]);
  });

  test('is there for a second package right behind the first, and is filled up again', async () => {
    const prepared: (string | undefined)[] = [];
    pool?.close();
    const warmUp = async (checker: Checker) => void prepared.push(await tellOf(checker));
    pool = createCheckerPool({ start: () => startChecker(program), atOnce: 2, warmUp });
    await until('two checkers that are prepared', () => prepared.length === 2);
    const [first, second] = await Promise.all([
      tell('tells its process'),
      tell('tells its process', { file: paths[1]! }),
    ]);
    expect([...first, ...second].sort()).toEqual([...prepared].sort());
    await until('two more of them', () => prepared.length === 4);
  });

  test('that cannot be prepared is ended, and another one takes the package', async () => {
    let failed: string | undefined;
    pool?.close();
    const warmUp = async (checker: Checker) => {
      failed ??= await tellOf(checker);
      throw new Error('no disk');
    };
    pool = createCheckerPool({ start: () => startChecker(program), atOnce: 2, warmUp });
    await until('a checker that could not be prepared', () => failed);
    await until('its end', () => identifyProcess(Number(failed)) === undefined);
    expect(await tell('tells its process')).not.toEqual([failed]);
  });
});

describe('the product’s own checker', () => {
  beforeAll(() => useCheckers(...fromSource('worker/checker/main.ts')));

  test('verifies and scans a package as the worker itself would', async () => {
    const checks = createChecks(pool.ask);
    const built = await buildPackage(folder);
    const file = { path: built.path, bytes: built.bytes, keys, now: new Date().toISOString() };
    const { signal } = new AbortController();
    await expect(checks.verify(file, built.sha256, signal)).resolves.toMatchObject({
      manifest: { id: 'com.example.notes' },
      manifestDigest: built.manifestDigest,
    });
    await expect(checks.verify(file, '0'.repeat(64), signal)).rejects.toMatchObject({
      code: 'PACKAGE_DIGEST',
    });
    expect((await scan('signature')).verdict).toBe('pass');
  });

  test('is prepared by a package that the worker makes itself', async () => {
    const checker = await startChecker(fromSource('worker/checker/main.ts'));
    try {
      const warmUp = createWarmUp(path.join(folder, 'sample'));
      await expect(warmUp(checker)).resolves.toBeUndefined();
      expect(checker.hasEnded()).toBe(false);
    } finally {
      checker.end();
    }
  });

  test('is prepared where the package could not be made at first and can be later', async () => {
    const checker = await startChecker(fromSource('worker/checker/main.ts'));
    const inTheWay = path.join(folder, 'in-the-way');
    writeFileSync(inTheWay, 'a file where a folder is needed');
    try {
      const warmUp = createWarmUp(path.join(inTheWay, 'sample'));
      await expect(warmUp(checker)).rejects.toMatchObject({ code: 'ENOTDIR' });
      rmSync(inTheWay);
      await expect(warmUp(checker)).resolves.toBeUndefined();
    } finally {
      checker.end();
    }
  });

  test('has room for the most names that a package may hold', async () => {
    const file = path.join(folder, 'names.pxp');
    const entries = Array.from({ length: 49_990 }, (_, index) => ({
      path: `dist/${String(index).padStart(5, '0')}${'n'.repeat(150)}`,
      data: '',
    }));
    writeFileSync(file, hostileZip({ entries: [{ path: 'manifest.json', data: '{}' }, ...entries] }));
    await expect(scan('archive-form', { file })).resolves.toMatchObject({ verdict: 'pass' });
    await expect(scan('signature', { file })).resolves.toMatchObject({ verdict: 'fail' });
  });
});

import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { carryOut } from '../adapters/scanners/checker/carryOut';
import { createChecks, type Checks } from '../adapters/scanners/checker/checks';
import type { CheckedFile } from '../adapters/scanners/checker/protocol';
import { contentScanners, DEFAULT_SCAN_POLICIES } from '../adapters/scanners/registry';
import { buildAll, repositoryRoot } from '../infra/build/build';
import { silentProgress } from '../infra/terminal/progress';
import { createCheckers } from '../worker/effects';
import { signingKey } from '../test/support/builders/keys';
import { buildPackage } from '../test/support/builders/packages';
import type { Row } from './result';
import { median, seconds } from './statistics';

const RUNS = 11;
/** Releases rarely follow each other faster; the process in reserve is ready by then. */
const PAUSE_MS = 5_000;
/** What checking in processes of their own may cost a release more, in seconds. */
const BOUND = 0.3;

/** Seconds of one package in this process, in the one in reserve, and of the next package. */
interface Taken {
  own: number;
  checker: number;
  next: number;
}

/**
 * Verification and the five scanners of a small package, each of a run's packages once by the code of a checker in
 * this process, which is warm, and once in a checker's process.
 */
export async function benchChecks(): Promise<Row[]> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'bench-checks-'));
  await buildAll(silentProgress);
  const program = path.join(repositoryRoot, 'dist/checker.cjs');
  const pool = createCheckers({ checker: { program, atOnce: 4 }, scratch: { dir: folder, maxBytes: 0 } });
  const scanners = contentScanners();
  try {
    const inProcess = createChecks((job) => carryOut(job, scanners));
    const inChecker = createChecks(pool.ask);
    const check = await preparePackage(folder);
    await check(inProcess);
    const taken: Taken[] = [];
    for (let run = 0; run < RUNS; run += 1) {
      const own = await seconds(() => check(inProcess));
      await sleep(PAUSE_MS);
      const checker = await seconds(() => check(inChecker));
      // At once: no process is in reserve yet.
      taken.push({ own, checker, next: await seconds(() => check(inChecker)) });
    }
    return rowsOf(taken);
  } finally {
    pool.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Builds a package; what is returned checks a further copy of it, which no process has seen. */
async function preparePackage(folder: string): Promise<(checks: Checks) => Promise<void>> {
  const built = await buildPackage(folder);
  const keys = [(await signingKey()).publicKeyArmored];
  const { signal } = new AbortController();
  let copies = 0;
  return async (checks) => {
    const copy = path.join(folder, `${(copies += 1)}.pxp`);
    copyFileSync(built.path, copy);
    const file: CheckedFile = { path: copy, bytes: built.bytes, keys, now: new Date().toISOString() };
    await checks.verify(file, built.sha256, signal);
    await Promise.all(DEFAULT_SCAN_POLICIES.map((policy) => checks.scan(file, policy, signal)));
  };
}

function rowsOf(taken: readonly Taken[]): Row[] {
  const ms = (value: number): string => `${Math.round(value * 1000)} ms`;
  const [own, checker, next] = (['own', 'checker', 'next'] as const).map((name) =>
    median(taken.map((each) => each[name])),
  ) as [number, number, number];
  const [measured, baseline] = [ms(checker), `${ms(own)} (in the worker)`];
  return [
    {
      ...{ what: 'verification and five scanners of a small package', measured, baseline },
      ...{ value: checker / own, bound: null },
    },
    {
      ...{ what: 'what a process of its own adds, s', measured, baseline },
      ...{ value: checker - own, bound: BOUND },
    },
    {
      ...{ what: 'the same of a package right behind it', measured: ms(next), baseline },
      ...{ value: next / own, bound: null },
    },
  ];
}

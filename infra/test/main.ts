import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { repositoryRoot } from '../build/build';
import { getErrorMessage } from '../../core/errors/thrown';
import { jestArguments, findKind, parseRequest, planRuns, type Request } from './plan';
import { prepare } from './prepare';
import { DIED, renderSummary, type JestResult } from './report';
import { runJest } from './runJest';
import { warmStateFile } from './warm/state';

const testFolder = path.join(repositoryRoot, 'test');

/** `npm test -- [kinds or areas…] [--cold] [jest options]`: installs and builds what the tests need, runs them, sums up. */
async function main(): Promise<void> {
  const started = performance.now();
  const request = parseRequest(process.argv.slice(2), await listTestFiles());
  if (!request.isCold && !process.env.CI) process.env.SPILLWAY_TEST_WARM = warmStateFile(process.env);
  await prepare(request.kinds);
  const { results, isClean } = await runAll(request);
  const elapsedMs = performance.now() - started;
  process.stdout.write(renderSummary(results, { testFolder, elapsedMs }));
  if (!isClean) process.exitCode = 1;
}

async function runAll(request: Request): Promise<{ results: JestResult[]; isClean: boolean }> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'spillway-results-'));
  const results: JestResult[] = [];
  let isClean = true;
  try {
    for (const [index, run] of planRuns(request).entries()) {
      const file = path.join(folder, `${index}.json`);
      isClean = (await runJest(jestArguments(run, file, request))) === 0 && isClean;
      results.push(await readResult(file));
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return { results, isClean };
}

async function readResult(file: string): Promise<JestResult> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as JestResult;
  } catch {
    return DIED;
  }
}

async function listTestFiles(): Promise<string[]> {
  const names = await readdir(testFolder, { recursive: true });
  return names.map((name) => name.split(path.sep).join('/')).filter((name) => findKind(name) !== undefined);
}

main().catch((error: unknown) => {
  process.stderr.write(`${getErrorMessage(error)}\n`);
  process.exitCode = 1;
});

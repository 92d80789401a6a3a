import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { buildAll, repositoryRoot } from '../build/build';
import { getErrorMessage } from '../../core/errors/thrown';
import { progressFor } from '../terminal/progress';
import { tools, type ToolName } from '../tools/catalogue';
import { ensureTool } from '../tools/install';
import { addUp, jestArguments, KINDS, planRuns, type JestResult, type Kind } from './plan';

/** What each kind needs before its first test, so that nothing is installed under a test's deadline. */
const NEEDED_TOOLS: Record<Kind, readonly ToolName[]> = {
  unit: [],
  workflow: ['temporal-test-server'],
  integration: ['temporal-cli', 'fake-gcs-server'],
  e2e: ['temporal-cli'],
  browser: ['temporal-cli', 'chromium'],
};
const NEEDS_BUILD = new Set<Kind>(['workflow', 'integration', 'e2e', 'browser']);

/** `npm test [kinds…] [-- jest options]`: installs and builds what the tests need, runs them, and sums up in the last line. */
async function main(): Promise<void> {
  const words = process.argv.slice(2);
  const asked = words.filter((word) => !word.startsWith('-'));
  const runs = planRuns(asked);
  await prepare(runs.flatMap((run) => run.kinds));
  const folder = await mkdtemp(path.join(os.tmpdir(), 'spillway-results-'));
  try {
    const results: JestResult[] = [];
    let isClean = true;
    for (const [index, run] of runs.entries()) {
      const file = path.join(folder, `${index}.json`);
      const status = await runJest(
        jestArguments(
          run,
          file,
          words.filter((word) => word.startsWith('-')),
        ),
      );
      isClean &&= status === 0;
      results.push(await readResult(file));
    }
    const { passed, failed } = addUp(results);
    process.stdout.write(`${passed} passed, ${failed} failed\n`);
    if (!isClean || failed > 0) process.exitCode = 1;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function prepare(kinds: readonly Kind[]): Promise<void> {
  const progress = progressFor();
  const names = new Set(KINDS.filter((kind) => kinds.includes(kind)).flatMap((kind) => NEEDED_TOOLS[kind]));
  await progress.steps(
    [...names].map((name) => ({
      title: tools[name].title,
      run: async (say: (text: string) => void) => {
        const found = await ensureTool(name, say);
        // Tests find the browser where this command found it.
        if (name === 'chromium') process.env.SPILLWAY_CHROMIUM = found.path;
        return `${tools[name].title} ${found.version} · ${found.origin}`;
      },
    })),
  );
  if (kinds.some((kind) => NEEDS_BUILD.has(kind))) await buildAll(progress);
}

function runJest(args: string[]): Promise<number> {
  const jest = path.join(path.dirname(createRequire(__filename).resolve('jest/package.json')), 'bin/jest.js');

  const child = spawn(process.execPath, [jest, ...args], {
    cwd: repositoryRoot,
    stdio: 'inherit',
  });
  // Ctrl-C reaches Jest as well, being in our group: wait for it to clean up.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => child.kill(signal));
  return new Promise((resolve) => child.once('exit', (code) => resolve(code ?? 1)));
}

/** A run that died without a result has failed, however many tests it had. */
async function readResult(file: string): Promise<JestResult> {
  const none = { numPassedTests: 0, numFailedTests: 0, numFailedTestSuites: 0, numRuntimeErrorTestSuites: 1 };
  try {
    return JSON.parse(await readFile(file, 'utf8')) as JestResult;
  } catch {
    return none;
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${getErrorMessage(error)}\n`);
  process.exitCode = 1;
});

import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { repositoryRoot } from '../../build/build';
import type { SoakRequest } from '../soak';
import { renderScores, scoreByFolder, type MutantReport } from './score';
import { chooseSample } from './sample';

const CORE_GOAL = 0.9;
const SAMPLE_SIZE = 8;

/**
 * Runs Stryker over core/ and a sample of activities and adapters that the seed chooses, with unit tests only.
 * `--only <pattern>` mutates other files; `--concurrency <n>` sets how many run at once.
 */
export async function runMutants({ seed, options }: SoakRequest): Promise<boolean> {
  const files = options.only
    ? [options.only]
    : ['core/**/*.ts', ...chooseSample(candidates(), SAMPLE_SIZE, seed)];
  await runStryker(files, options.concurrency ?? '2');
  const report = path.join(repositoryRoot, 'dist/mutants/report.json');
  const scores = scoreByFolder(JSON.parse(readFileSync(report, 'utf8')) as MutantReport);
  process.stdout.write(renderScores(scores));
  const core = scores.find(({ folder }) => folder === 'core');
  return core === undefined || core.score >= CORE_GOAL;
}

/** Activities and adapters that unit tests can reach: those of the database run in integration tests alone. */
function candidates(): string[] {
  return ['activities', 'adapters'].flatMap((folder) =>
    readdirSync(path.join(repositoryRoot, folder), { recursive: true, encoding: 'utf8' })
      .map((name) => `${folder}/${name.split(path.sep).join('/')}`)
      .filter((name) => name.endsWith('.ts') && !name.startsWith('adapters/db/'))
      .sort(),
  );
}

function runStryker(files: readonly string[], concurrency: string): Promise<void> {
  const bin = createRequire(__filename)
    .resolve('@stryker-mutator/core/package.json')
    .replace('package.json', 'bin/stryker.js');
  const args = [bin, 'run', 'infra/soak/mutants/stryker.config.mjs', '--mutate', files.join(',')];
  const child = spawn(process.execPath, [...args, '--concurrency', concurrency], {
    cwd: repositoryRoot,
    stdio: 'inherit',
  });
  return new Promise((resolve, reject) =>
    child.once('exit', (code) =>
      code === 0 ? resolve() : reject(new Error(`Stryker ended with status ${code}`)),
    ),
  );
}

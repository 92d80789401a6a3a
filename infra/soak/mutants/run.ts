import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { repositoryRoot } from '../../build/build';
import type { SoakRequest } from '../soak';
import { renderScores, scoreByFolder, type FolderScore, type MutantReport } from './score';
import { chooseSample } from './sample';

const CORE_GOAL = 0.9;
const SAMPLE_SIZE = 8;

/** `core` is mutated as a whole, `sample` in files that the seed chooses; each has unit tests of its own. */
type Group = 'core' | 'sample';

/**
 * Runs Stryker over core/ and a sample of activities and adapters that the seed chooses, with unit tests only.
 * `--only <patterns>`, separated by commas, mutates other files; `--concurrency <n>` sets how many run at once;
 * `--reuse yes` runs again only what the last run on this clone did not know: mutants whose file or tests changed.
 */
export async function runMutants({ seed, options }: SoakRequest): Promise<boolean> {
  const scores: FolderScore[] = [];
  for (const [group, files] of chooseFiles(options.only, seed)) {
    await runStryker(group, files, {
      concurrency: options.concurrency ?? '2',
      force: options.reuse !== 'yes',
    });
    scores.push(...readScores(group));
  }
  process.stdout.write(renderScores(scores));
  const core = scores.find(({ folder }) => folder === 'core');
  return core === undefined || core.score >= CORE_GOAL;
}

function chooseFiles(only: string | undefined, seed: number): [Group, readonly string[]][] {
  if (only) return [[only.startsWith('core/') ? 'core' : 'sample', [only]]];
  return [
    ['core', ['core/**/*.ts']],
    ['sample', chooseSample(candidates(), SAMPLE_SIZE, seed)],
  ];
}

const readScores = (group: Group): FolderScore[] => {
  const report = path.join(repositoryRoot, `dist/mutants/${group}.json`);
  return scoreByFolder(JSON.parse(readFileSync(report, 'utf8')) as MutantReport);
};

/** Activities and adapters that unit tests can reach: what speaks to the database runs in integration tests alone. */
function candidates(): string[] {
  return ['activities', 'adapters'].flatMap((folder) =>
    readdirSync(path.join(repositoryRoot, folder), { recursive: true, encoding: 'utf8' })
      .map((name) => `${folder}/${name.split(path.sep).join('/')}`)
      .filter((name) => name.endsWith('.ts') && !name.startsWith('adapters/db/') && !usesDatabase(name))
      .sort(),
  );
}

const usesDatabase = (name: string): boolean =>
  /from '(knex|[^']*\/db\/[^']*)'/.test(readFileSync(path.join(repositoryRoot, name), 'utf8'));

interface RunOptions {
  concurrency: string;
  /** Whether mutants are run whose outcome is known from the last run. */
  force: boolean;
}

function runStryker(
  group: Group,
  files: readonly string[],
  { concurrency, force }: RunOptions,
): Promise<void> {
  const bin = createRequire(__filename)
    .resolve('@stryker-mutator/core/package.json')
    .replace('package.json', 'bin/stryker.js');
  const config = `infra/soak/mutants/${group}.stryker.mjs`;
  const args = [bin, 'run', config, '--mutate', files.join(',')];
  const child = spawn(
    process.execPath,
    [...args, '--concurrency', concurrency, ...(force ? ['--force'] : [])],
    {
      cwd: repositoryRoot,
      stdio: 'inherit',
    },
  );
  return new Promise((resolve, reject) =>
    child.once('exit', (code) =>
      code === 0 ? resolve() : reject(new Error(`Stryker ended with status ${code}`)),
    ),
  );
}

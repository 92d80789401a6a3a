import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { getErrorMessage } from '../../core/errors/thrown';
import { repositoryRoot } from '../build/build';
import { listChangesets, listObstacles, stepsAfterVersion, versionStep, type ReleaseStep } from './plan';

/**
 * `npm run release [-- --dry-run]`: turns the changesets into a version with its changelog, records the histories that
 * later versions replay, commits and tags. Nothing is pushed or published: that is left to whoever looked at it.
 */
function main(): void {
  const isDryRun = process.argv.includes('--dry-run');
  const changesets = listChangesets(readdirSync(path.join(repositoryRoot, '.changeset')));
  const uncommitted = git('status', '--porcelain').split('\n').filter(Boolean);
  const obstacles = listObstacles({
    changesets,
    uncommitted,
    branch: git('rev-parse', '--abbrev-ref', 'HEAD'),
  });
  if (obstacles.length > 0) throw new Error(['Not released:', ...obstacles].join('\n  '));
  carryOut(versionStep, isDryRun);
  for (const step of stepsAfterVersion(isDryRun ? '<version>' : readVersion())) carryOut(step, isDryRun);
  if (!isDryRun) process.stdout.write('Look at the commit, then: git push --follow-tags\n');
}

function carryOut({ title, command }: ReleaseStep, isDryRun: boolean): void {
  const [program = '', ...args] = command;
  process.stdout.write(`${title}: ${command.join(' ')}\n`);
  if (isDryRun) return;
  const { status } = spawnSync(program, args, { cwd: repositoryRoot, stdio: 'inherit' });
  if (status !== 0)
    throw new Error(`${title} failed; nothing was tagged. Undo the files with git, then run it again.`);
}

function git(...args: string[]): string {
  const { stdout, stderr, status } = spawnSync('git', args, { cwd: repositoryRoot, encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return stdout.trim();
}

const readVersion = (): string =>
  (JSON.parse(readFileSync(path.join(repositoryRoot, 'package.json'), 'utf8')) as { version: string })
    .version;

try {
  main();
} catch (error) {
  process.stderr.write(`${getErrorMessage(error)}\n`);
  process.exitCode = 1;
}

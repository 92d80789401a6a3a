import { spawnSync } from 'node:child_process';

/**
 * The check before a commit: formats, lints and type-checks in seconds, because only the files that
 * the commit changes are formatted and linted. Install it by
 * `git config core.hooksPath infra/hooks`.
 */
const staged = spawnSync('git', ['diff', '--cached', '--name-only', '--diff-filter=ACMR', '-z'], {
  encoding: 'utf8',
});
const files = staged.stdout.split('\0').filter(Boolean);
const sources = files.filter((file) => /\.(ts|tsx|mjs)$/.test(file));

const run = (command: string, args: string[]): number =>
  spawnSync(command, args, { stdio: 'inherit', shell: false }).status ?? 1;

const checks: (() => number)[] = [
  () =>
    files.length === 0
      ? 0
      : run('npx', ['--no-install', 'prettier', '--check', '--ignore-unknown', ...files]),
  () => (sources.length === 0 ? 0 : run('npx', ['--no-install', 'eslint', '--cache', ...sources])),
  () => run('npm', ['run', '--silent', 'typecheck']),
];

process.exitCode = checks.some((check) => check() !== 0) ? 1 : 0;

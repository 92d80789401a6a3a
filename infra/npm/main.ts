import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { getErrorMessage } from '../../core/errors/thrown';
import { run } from '../../platform/processes/run';
import { repositoryRoot } from '../build/build';
import { buildPackages } from './buildPackages';
import { commandLinePackage, packages, type PackageSpec } from './specs';

const RUNS = 7;

/** `npm run build:packages`: dist/packages/, with the size of each package and the start time of the command line. */
async function main(): Promise<void> {
  await buildPackages(repositoryRoot);
  for (const spec of packages) process.stdout.write(`${await describeSize(spec)}\n`);
  process.stdout.write(`${await describeStart()}\n`);
}

async function describeSize({ name, folder }: PackageSpec): Promise<string> {
  const args = ['pack', '--dry-run', '--json'];
  const text = await run('npm', args, { cwd: path.join(repositoryRoot, folder) });
  const [packed] = JSON.parse(text) as { size: number; unpackedSize: number; entryCount: number }[];
  const kilobytes = (bytes = 0): string => `${Math.round(bytes / 1000)} kB`;
  return `${name}: ${kilobytes(packed?.size)} packed, ${kilobytes(packed?.unpackedSize)} unpacked, ${packed?.entryCount} files`;
}

/** Beside the start of Node itself, without which the number says little. */
async function describeStart(): Promise<string> {
  const program = path.join(repositoryRoot, commandLinePackage.folder, 'dist/main.mjs');
  const own = await measureMedian(() => promisify(execFile)(process.execPath, [program, '--help']));
  const node = await measureMedian(() => promisify(execFile)(process.execPath, ['-e', '0']));
  return `px-plugin --help: ${own} ms (Node alone: ${node} ms; median of ${RUNS})`;
}

/** Milliseconds. */
async function measureMedian(action: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let index = 0; index < RUNS; index += 1) {
    const started = performance.now();
    await action();
    times.push(performance.now() - started);
  }
  return Math.round(times.sort((a, b) => a - b)[Math.floor(RUNS / 2)] ?? 0);
}

main().catch((error: unknown) => {
  process.stderr.write(`${getErrorMessage(error)}\n`);
  process.exitCode = 1;
});

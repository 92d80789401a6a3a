import { readFileSync } from 'node:fs';
import path from 'node:path';
import { runProgram } from './program';

/** Both the sources and the build lie one folder below package.json. */
const home = path.join(__dirname, '..');

function ownVersion(): string {
  const text = readFileSync(path.join(home, 'package.json'), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}

/** The process: everything that belongs to it is read here, once. */
async function main(): Promise<void> {
  // A reader that goes away early (`| head`) is no error of ours.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
  process.exitCode = await runProgram(process.argv.slice(2), {
    env: process.env,
    cwd: process.cwd(),
    stdout: process.stdout,
    stderr: process.stderr,
    now: () => new Date(),
    version: ownVersion(),
    home,
  });
}

void main();

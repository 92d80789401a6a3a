#!/usr/bin/env node
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { runProgram } from './program';

/** The folder above this file that has a package.json: a checkout, or the installed package. */
function findHome(folder: string): string {
  const above = path.dirname(folder);
  return above === folder || existsSync(path.join(folder, 'package.json')) ? folder : findHome(above);
}

function readVersion(home: string): string {
  const text = readFileSync(path.join(home, 'package.json'), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}

/** The process: everything that belongs to it is read here, once. */
async function main(): Promise<void> {
  // A reader that goes away early (`| head`) is no error of ours.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
  const home = findHome(__dirname);
  process.exitCode = await runProgram(process.argv.slice(2), {
    env: process.env,
    cwd: process.cwd(),
    stdout: process.stdout,
    stderr: process.stderr,
    now: () => new Date(),
    version: readVersion(home),
    home,
  });
}

void main();

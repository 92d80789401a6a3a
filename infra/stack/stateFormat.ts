import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { InfraFailure } from '../terminal/failure';
import { writeJson } from './state';

/** Counts up whenever what earlier starts kept can no longer be read. Spillway 0.1 kept none: that is format 1. */
export const STATE_FORMAT = 2;

const FILE = 'format.json';
/** What 0.1 wrote at every start. */
const FILES_OF_0_1 = ['secrets.json', 'stack.json'];

/**
 * Makes sure that this version can read a state folder, and marks a new one with its format.
 * Nothing in a folder that is refused is touched.
 *
 * @throws InfraFailure for the folder of another format, with what to do
 */
export function claimStateFormat(stateDir: string): void {
  const format = readFormat(stateDir);
  if (format === STATE_FORMAT) return;
  if (format === undefined) return writeJson(path.join(stateDir, FILE), { format: STATE_FORMAT });
  const writer =
    format === 1 ? 'Spillway 0.1' : `${format < STATE_FORMAT ? 'an earlier' : 'a later'} version of Spillway`;
  throw new InfraFailure(
    'state folder',
    `${stateDir} was written by ${writer} (format ${format}; this version reads format ${STATE_FORMAT})`,
    'start with --fresh to delete its releases and begin with an empty folder, or keep it: move it away, or name another folder with --state',
  );
}

/** Undefined for a folder in which no stack has kept anything yet. */
function readFormat(stateDir: string): number | undefined {
  const file = path.join(stateDir, FILE);
  if (existsSync(file)) return (JSON.parse(readFileSync(file, 'utf8')) as { format: number }).format;
  return FILES_OF_0_1.some((name) => existsSync(path.join(stateDir, name))) ? 1 : undefined;
}

import path from 'node:path';
import { runProgram } from '../../../cli/program';

export interface CliRun {
  exit: number;
  out: string;
  err: string;
  /** Both streams, for what must be in neither. */
  all: string;
}

export type Env = Record<string, string | undefined>;

/** A command line in this process, with an environment of its own and streams that are kept. */
export async function runCli(args: readonly string[], options: { cwd: string; env?: Env }): Promise<CliRun> {
  const out: string[] = [];
  const err: string[] = [];
  const exit = await runProgram(args, {
    env: { PX_SIGNING_HOME: path.join(options.cwd, 'signing'), ...options.env },
    cwd: options.cwd,
    stdout: { write: (text) => out.push(text) },
    stderr: { write: (text) => err.push(text) },
    now: () => new Date(),
    version: '0.0.0-test',
    home: options.cwd,
  });
  return { exit, out: out.join(''), err: err.join(''), all: [...out, ...err].join('') };
}

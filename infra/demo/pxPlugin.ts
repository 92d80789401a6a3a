import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { repositoryRoot } from '../build/build';
import { InfraFailure } from '../terminal/failure';

export interface CliResult {
  status: number;
  stdout: string;
  stderr: string;
}

/** The real command line, each time a process of its own, with its own signing profiles. */
export interface PxPlugin {
  /** Runs it with `--json` and returns the document. @throws InfraFailure with what it said when it refuses */
  json(...args: string[]): Promise<unknown>;
  /** Runs it on the screen, exactly as an author sees it; returns its exit status, 1 where it was ended after `limitMs`. */
  shown(args: readonly string[], limitMs?: number): Promise<number>;
}

export interface PxPluginOptions {
  cwd: string;
  env: NodeJS.ProcessEnv;
  signal: AbortSignal;
}

export function createPxPlugin(options: PxPluginOptions): PxPlugin {
  return {
    async json(...args) {
      const { status, stdout, stderr } = await captured([...args, '--json'], options);
      if (status === 0) return JSON.parse(stdout) as unknown;
      const reason = `ended with status ${status}\n${stderr.trim()}`;
      throw new InfraFailure(`px-plugin ${args.join(' ')}`, reason, 'do what it says, then start again');
    },
    async shown(args, limitMs) {
      const child = start(args, options, 'inherit', limitMs);
      const [status] = (await once(child, 'exit')) as [number | null];
      return status ?? 1;
    },
  };
}

function start(
  args: readonly string[],
  { cwd, env, signal }: PxPluginOptions,
  out: 'inherit' | 'pipe',
  timeout?: number,
) {
  const command = [path.join(repositoryRoot, 'cli', 'bin.cjs'), ...args];
  return spawn(process.execPath, command, { cwd, env, signal, timeout, stdio: ['ignore', out, out] });
}

async function captured(args: readonly string[], options: PxPluginOptions): Promise<CliResult> {
  const child = start(args, options, 'pipe');
  let [stdout, stderr] = ['', ''];
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const [status] = (await once(child, 'close')) as [number | null];
  return { status: status ?? 1, stdout, stderr };
}

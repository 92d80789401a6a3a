import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import path from 'node:path';
import { buildSync } from 'esbuild';
import type { TestMarketplace } from '../../support/fakes/marketplace';
import { until } from '../../support/waiting';
import { call, environmentFor } from './testHost';

const root = path.resolve(__dirname, '../../..');

export const removeBundle = (): void => rmSync(program, { force: true });

/** A real host process. */
export interface HostProcess {
  url: string;
  pid: number;
  output: () => string;
  admin(method: string, address: string, body?: unknown): ReturnType<typeof call>;
  /** Closes its standard input, as the end of its parent does. */
  orphan(): Promise<number | null>;
  /** Ends it as a power cut would. */
  kill(signal?: NodeJS.Signals): Promise<number | null>;
}

/** The process as it is shipped: bundled once, which also starts much faster than the sources. */
const program = path.join(root, `node_modules/.cache/spillway/host-${process.pid}.cjs`);

function bundle(): string {
  if (!existsSync(program)) {
    const options = { bundle: true, platform: 'node', format: 'cjs', packages: 'external' } as const;
    buildSync({ ...options, entryPoints: [path.join(root, 'host/main.ts')], outfile: program });
  }
  return program;
}

interface ProcessOptions {
  /** What runs the program, when it is not to be started directly. */
  command?: readonly string[];
  env?: Record<string, string>;
}

export async function startProcess(
  marketplace: Pick<TestMarketplace, 'url' | 'token'>,
  folder: string,
  { command = [], env = {} }: ProcessOptions = {},
): Promise<HostProcess> {
  const [program = process.execPath, ...args] = [...command, process.execPath, bundle()];
  const child = spawn(program, args, {
    cwd: root,
    stdio: ['pipe', 'pipe', 'pipe'],
    env: {
      PATH: process.env.PATH,
      ...environmentFor(marketplace, folder, { SPILLWAY_EXIT_WITH_PARENT: '1', ...env }),
    },
  });
  const output = collect(child);
  const ended = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
  const port = await until(
    'the port of the host',
    () => /"address":\{[^}]*"port":(\d+)/.exec(output())?.[1],
    { giveUp: () => (child.exitCode === null ? undefined : `the host ended:\n${output()}`) },
  );
  const url = `http://127.0.0.1:${port}`;
  return {
    url,
    pid: child.pid ?? 0,
    output,
    admin: (method, address, body) => call(`${url}${address}`, method, body),
    orphan() {
      child.stdin.end();
      return ended;
    },
    kill(signal = 'SIGKILL') {
      child.kill(signal);
      return ended;
    },
  };
}

function collect(child: ChildProcess): () => string {
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (piece: string) => {
      text += piece;
    });
  }
  return () => text;
}

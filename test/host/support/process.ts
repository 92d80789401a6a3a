import { spawn, type ChildProcess } from 'node:child_process';
import path from 'node:path';
import type { TestMarketplace } from './marketplace';
import { call, environmentFor, until } from './testHost';

const root = path.resolve(__dirname, '../../..');

/** A real host process. */
export interface HostProcess {
  url: string;
  pid: number;
  output: () => string;
  admin(method: string, address: string, body?: unknown): ReturnType<typeof call>;
  /** Ends it as a power cut would. */
  kill(signal?: NodeJS.Signals): Promise<number | null>;
}

let port = 42_000 + (process.pid % 2000);

export async function startProcess(marketplace: TestMarketplace, folder: string): Promise<HostProcess> {
  port += 1;
  const child = spawn(process.execPath, ['--import', 'tsx', 'host/main.ts'], {
    cwd: root,
    stdio: ['pipe', 'pipe', 'pipe'],
    env: {
      PATH: process.env.PATH,
      ...environmentFor(marketplace, folder, { PORT: String(port), SPILLWAY_EXIT_WITH_PARENT: '1' }),
    },
  });
  const output = collect(child);
  const ended = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
  const url = `http://127.0.0.1:${port}`;
  await until(() => {
    if (child.exitCode !== null) throw new Error(`The host ended:\n${output()}`);
    return fetch(`${url}/healthz`).then(
      (answer) => answer.ok,
      () => false,
    );
  }, 60);
  return {
    url,
    pid: child.pid ?? 0,
    output,
    admin: (method, address, body) => call(`${url}${address}`, method, body),
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

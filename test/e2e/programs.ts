import { spawn, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { repositoryRoot } from '../../infra/build/build';
import type { ProcessIdentity } from '../../platform/processes/identity';
import { readStackRecord } from '../../infra/stack/state';
import { until } from '../support/waiting';

/** One of our programs, as a terminal starts it: a process in a group of its own. */
export interface Program {
  child: ChildProcess;
  /** Everything that it has written, both streams. */
  output(): string;
  ended: Promise<number | null>;
  /** What a terminal does on Ctrl-C: the signal goes to the whole group. */
  interrupt(): void;
  /** Waits for a piece of its output. @throws Error with the output when it ends without it */
  says(pattern: RegExp): Promise<void>;
}

export function startProgram(file: string, args: readonly string[]): Program {
  const loader = pathToFileURL(createRequire(__filename).resolve('tsx')).href;
  const command = ['--import', loader, path.join(repositoryRoot, file), ...args];
  const child = spawn(process.execPath, command, { cwd: repositoryRoot, detached: true });
  let text = '';
  let isOver = false;
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve)).finally(
    () => (isOver = true),
  );
  return {
    child,
    ended,
    output: () => text,
    interrupt: () => void process.kill(-(child.pid ?? 0), 'SIGINT'),
    async says(pattern) {
      await until(String(pattern), () => pattern.test(text), {
        seconds: 300,
        giveUp: () => (isOver ? `the program ended with:\n${text}` : undefined),
      });
    },
  };
}

/** Every process that the stack of a folder has written down. */
export const recorded = (stateDir: string): ProcessIdentity[] =>
  (readStackRecord(stateDir)?.components ?? []).flatMap((component) => component.process ?? []);

/** The files below a folder, each with the SHA-256 of its bytes. */
export async function readDigests(folder: string): Promise<Record<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));
  const read = files.map(async (file) => {
    const digest = createHash('sha256')
      .update(await readFile(file))
      .digest('hex');
    return [path.relative(folder, file), digest] as const;
  });
  return Object.fromEntries(await Promise.all(read));
}

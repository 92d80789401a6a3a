import { spawn } from 'node:child_process';

export interface RunOptions {
  cwd?: string;
  env?: NodeJS.ProcessEnv;
  uid?: number | undefined;
  gid?: number | undefined;
  input?: string;
  /** Milliseconds after which the command is killed. */
  timeout?: number;
  /** Each line of standard output and error while the command runs. */
  onLine?: (line: string) => void;
}

/**
 * Runs a command to its end and returns what it wrote to standard output.
 * @throws Error with the last lines of its output when it cannot be started or ends with another status than 0.
 */
export async function run(command: string, args: string[], options: RunOptions = {}): Promise<string> {
  const { input, onLine, ...spawnOptions } = options;
  const child = spawn(command, args, { ...spawnOptions, stdio: ['pipe', 'pipe', 'pipe'] });
  const tail: string[] = [];
  let stdout = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  for (const stream of [child.stdout, child.stderr]) collectLines(stream, tail, onLine);
  // A command that ends before it has read its input closes the pipe; its exit status tells the story.
  child.stdin.on('error', () => undefined);
  child.stdin.end(input ?? '');
  const outcome = await waitForOutcome(child);
  if (outcome !== 'ok') throw new Error(`${command}: ${outcome}\n${tail.join('\n')}`.trim());
  return stdout;
}

function waitForOutcome(child: ReturnType<typeof spawn>): Promise<string> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(`cannot be started (${error.message})`));
    child.once('close', (code, signal) =>
      resolve(code === 0 ? 'ok' : `ended with ${signal ?? `status ${code}`}`),
    );
  });
}

function collectLines(stream: NodeJS.ReadableStream, tail: string[], onLine?: (line: string) => void): void {
  let rest = '';
  stream.on('data', (chunk: Buffer) => {
    const lines = (rest + chunk.toString()).split(/\r?\n|\r/);
    rest = lines.pop() ?? '';
    for (const line of lines) remember(line);
  });
  stream.on('end', () => rest && remember(rest));
  const remember = (line: string): void => {
    tail.push(line);
    if (tail.length > 12) tail.shift();
    onLine?.(line);
  };
}

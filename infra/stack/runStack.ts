import { parseArgs } from 'node:util';
import { getErrorMessage } from '../../core/errors/thrown';
import { isLiveTerminal, progressFor, type Progress } from '../terminal/progress';
import { parseStackConfig } from './config';
import { addressLines } from './report';
import { startStack, type Stack } from './startStack';

const USAGE = `npm start -- [--state <folder>] [--fresh]

  --state   folder that keeps all state (default .spillway; setting SPILLWAY_STATE_DIR)
  --fresh   empty that folder first

\`npm run dev\` takes the same, and starts a process again when its code changes.
Ctrl-C stops everything. docs/operations.md lists the settings.`;

/** What else is done while the stack runs; `signal` ends it. */
type Meanwhile = (stack: Stack, progress: Progress, signal: AbortSignal) => void;

/** Runs the stack as the command line asks for it, until Ctrl-C. A failure is printed, and the exit status is 1. */
export function runStack(meanwhile: Meanwhile = () => undefined): void {
  runUntilInterrupted(meanwhile).catch((error: unknown) => {
    process.stderr.write(`${getErrorMessage(error)}\n`);
    process.exitCode = 1;
  });
}

async function runUntilInterrupted(meanwhile: Meanwhile): Promise<void> {
  const options = {
    state: { type: 'string' },
    fresh: { type: 'boolean' },
    help: { type: 'boolean' },
  } as const;
  const { values } = parseArgs({ options });
  if (values.help) {
    process.stdout.write(`${USAGE}\n`);
    return;
  }
  const config = parseStackConfig(values, process.env);
  const progress = progressFor();
  const interrupted = new AbortController();
  const ended = new Promise<void>((resolve) => interrupted.signal.addEventListener('abort', () => resolve()));
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(signal, () => interrupted.abort());
  const stack = await startStack({ config, progress, signal: interrupted.signal });
  for (const line of addressLines(stack, isLiveTerminal())) progress.line(line);
  meanwhile(stack, progress, interrupted.signal);
  await ended;
  await progress.steps([
    { title: 'Stopping', run: () => stack.stop().then(() => 'stopped; no process is left') },
  ]);
}

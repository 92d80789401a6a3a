import { parseArgs } from 'node:util';
import { getErrorMessage } from '../../core/errors/thrown';
import { isLiveTerminal, progressFor } from '../terminal/progress';
import { parseStackConfig } from './config';
import { addressLines } from './report';
import { startStack } from './startStack';

const USAGE = `npm start -- [--state <folder>] [--fresh]

  --state   folder that keeps all state (default .spillway; setting SPILLWAY_STATE_DIR)
  --fresh   empty that folder first

Ctrl-C stops everything. docs/operations.md lists the settings.`;

/** `npm start`: the whole stack on one machine, until Ctrl-C. */
async function main(): Promise<void> {
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
  await ended;
  await progress.steps([
    { title: 'Stopping', run: () => stack.stop().then(() => 'stopped; no process is left') },
  ]);
}

main().catch((error: unknown) => {
  process.stderr.write(`${getErrorMessage(error)}\n`);
  process.exitCode = 1;
});

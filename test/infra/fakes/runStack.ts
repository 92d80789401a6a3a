import { parseArgs } from 'node:util';
import { getErrorMessage } from '../../../core/errors/thrown';
import { isLiveTerminal, progressFor } from '../../../infra/terminal/progress';
import { parseStackConfig } from '../../../infra/stack/config';
import { addressLines } from '../../../infra/stack/report';
import { startStack } from '../../../infra/stack/startStack';
import { fakeEntries } from './entries';

/** `npm start` with small programs in the place of the product's: for tests of what a terminal sees. */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { state: { type: 'string' }, fresh: { type: 'boolean' } } });
  const progress = progressFor();
  const interrupted = new AbortController();
  const ended = new Promise<void>((resolve) => interrupted.signal.addEventListener('abort', () => resolve()));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => interrupted.abort());
  const config = parseStackConfig(values, process.env);
  const stack = await startStack({ config, progress, entries: fakeEntries, signal: interrupted.signal });
  for (const line of addressLines(stack, isLiveTerminal())) progress.line(line);
  await ended;
  await stack.stop();
  progress.line('stopped');
}

main().catch((error: unknown) => {
  process.stderr.write(`${getErrorMessage(error)}\n`);
  process.exitCode = 1;
});

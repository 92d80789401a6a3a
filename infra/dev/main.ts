import { getErrorMessage } from '../../core/errors/thrown';
import { rebuild, repositoryRoot } from '../build/build';
import { runStack } from '../stack/runStack';
import type { Stack } from '../stack/startStack';
import type { Progress } from '../terminal/progress';
import { listRestarts } from './restarts';
import { watchSources } from './watch';

const SOURCES = [
  'activities',
  'adapters',
  'api',
  'contracts',
  'core',
  'host',
  'migrations',
  'platform',
  'pxp',
  'sdk',
  'signer',
  'web',
  'worker',
  'workflows',
];

/** `npm run dev`: the stack, in which only the processes whose code has changed are started again. */
runStack((stack, progress, signal) =>
  watchSources(repositoryRoot, SOURCES, () => reload(stack, progress), signal),
);

/** What does not compile is said, and what runs goes on running. */
async function reload(stack: Stack, progress: Progress): Promise<void> {
  try {
    const outputs = await rebuild();
    if (outputs.length === 0) return;
    progress.line(`built ${outputs.join(', ')}`);
    const names = stack.components.map(({ name }) => name);
    for (const name of listRestarts(outputs, names)) stack.kill(name, 'SIGTERM');
  } catch (error) {
    progress.line(getErrorMessage(error));
  }
}

import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { WorkflowHandle } from '@temporalio/client';
import { historyToJSON } from '@temporalio/common/lib/proto-utils';
import { WorkflowBench } from '../support/workflowFixture';
import workflowSetup from '../support/jest/workflowSetup';
import { historiesFolder, withoutMachine } from './histories';
import { paths, takePath } from './paths';

/** Records the histories of the paths that are named (all when none is) anew, by the present workflows, over the time-skipping server. */
async function main(): Promise<void> {
  await workflowSetup();
  const bench = await WorkflowBench.start();
  try {
    const named = process.argv.slice(2);
    if (named.length === 0) rmSync(historiesFolder, { recursive: true, force: true });
    mkdirSync(historiesFolder, { recursive: true });
    for (const name of named.length > 0 ? named : Object.keys(paths))
      await record(name, await takePath(bench, name));
  } finally {
    await bench.close();
  }
}

async function record(name: string, handles: readonly WorkflowHandle[]): Promise<void> {
  for (const [index, handle] of handles.entries()) {
    const { workflowId } = handle;
    const history: unknown = JSON.parse(historyToJSON(await handle.fetchHistory()));
    const file = index === 0 ? `${name}.json` : `${name}.rollout.json`;
    const text = JSON.stringify({ workflowId, history: withoutMachine(history) });
    writeFileSync(path.join(historiesFolder, file), `${text}\n`);
    process.stdout.write(`${file}\n`);
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${String(error instanceof Error ? error.stack : error)}\n`);
  process.exitCode = 1;
});

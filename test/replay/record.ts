import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { WorkflowHandle } from '@temporalio/client';
import { historyToJSON } from '@temporalio/common/lib/proto-utils';
import { repositoryRoot } from '../../infra/build/build';
import { WorkflowFixture } from '../support/workflows/fixture';
import workflowSetup from '../support/jest/workflowSetup';
import { historiesFolder, withoutMachine } from './histories';
import { paths, takePath } from './paths';

/**
 * Records the histories of the paths that are named (all when none is) for the version in package.json,
 * by the present workflows, over the time-skipping server.
 */
async function main(): Promise<void> {
  const folder = chooseFolder();
  await workflowSetup();
  const fixture = await WorkflowFixture.start();
  try {
    const named = process.argv.slice(2);
    if (named.length === 0) rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    for (const name of named.length > 0 ? named : Object.keys(paths))
      await record(folder, name, await takePath(fixture, name));
  } finally {
    await fixture.close();
  }
}

/** Runs of a released version may be under way anywhere, so what it recorded is never replaced. */
function chooseFolder(): string {
  const manifest = readFileSync(path.join(repositoryRoot, 'package.json'), 'utf8');
  const { version } = JSON.parse(manifest) as { version: string };
  const tags = execFileSync('git', ['tag', '--list', `v${version}`], {
    cwd: repositoryRoot,
    encoding: 'utf8',
  });
  if (tags.trim() !== '')
    throw new Error(`Version ${version} is released; its histories are kept as they are.`);
  return path.join(historiesFolder, version);
}

async function record(folder: string, name: string, handles: readonly WorkflowHandle[]): Promise<void> {
  for (const [index, handle] of handles.entries()) {
    const { workflowId } = handle;
    const history: unknown = JSON.parse(historyToJSON(await handle.fetchHistory()));
    const file = index === 0 ? `${name}.json` : `${name}.rollout.json`;
    const text = JSON.stringify({ workflowId, history: withoutMachine(history) });
    writeFileSync(path.join(folder, file), `${text}\n`);
    process.stdout.write(`${path.join(path.basename(folder), file)}\n`);
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${String(error instanceof Error ? error.stack : error)}\n`);
  process.exitCode = 1;
});

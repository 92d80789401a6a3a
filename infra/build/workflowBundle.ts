import path from 'node:path';
import { bundleWorkflowCode } from '@temporalio/worker';
import { replaceIfChanged } from './programs';

/**
 * Bundles the workflows for the worker. It runs as a process of its own, because the bundler needs some hundred
 * megabytes that the caller should not keep: `<workflows folder> <output file>`.
 */
async function main(): Promise<void> {
  const [workflows = '', output = ''] = process.argv.slice(2);
  const { code } = await bundleWorkflowCode({ workflowsPath: path.resolve(workflows) });
  await replaceIfChanged(path.resolve(output), Buffer.from(code));
}

main().catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`);
  process.exitCode = 1;
});

import { buildWorkflows } from '../../../infra/build/build';
import { ensureTool } from '../../../infra/tools/install';

/**
 * Makes sure of the time-skipping server and bundles the workflows once for all files. Each test
 * file starts a server of its own, because its clock is one for all.
 */
export default async function workflowSetup(): Promise<void> {
  const server = await ensureTool('temporal-test-server', (text) => process.stderr.write(`${text}\n`));
  process.env.SPILLWAY_TEST_SERVER = server.path;
  process.env.SPILLWAY_WORKFLOW_BUNDLE = await buildWorkflows();
}

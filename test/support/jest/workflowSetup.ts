import { ensureTool } from '../../../infra/tools/install';

/** Makes sure of the time-skipping server; each test file starts one of its own, because its clock is one for all. */
export default async function workflowSetup(): Promise<void> {
  const server = await ensureTool('temporal-test-server', (text) => process.stderr.write(`${text}\n`));
  process.env.SPILLWAY_TEST_SERVER = server.path;
}

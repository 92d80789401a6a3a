import { randomUUID } from 'node:crypto';
import { NativeConnection } from '@temporalio/worker';
import { ensureSearchAttributes } from '../../../worker/searchAttributes';
import { eventually } from '../waiting';

const DAY_SECONDS = 86_400;

/**
 * A Temporal namespace of its own, with the product's search attributes: task queues and workflow ids
 * are the same in every test file, so files that run side by side must not share one.
 */
export async function createNamespace(): Promise<{ address: string; namespace: string }> {
  const address = process.env.SPILLWAY_TEST_TEMPORAL_ADDRESS;
  if (!address)
    throw new Error('SPILLWAY_TEST_TEMPORAL_ADDRESS is missing: run with --selectProjects integration');
  const namespace = `test-${randomUUID()}`;
  const connection = await NativeConnection.connect({ address });
  try {
    await connection.workflowService.registerNamespace({
      namespace,
      workflowExecutionRetentionPeriod: { seconds: DAY_SECONDS as never },
    });
    // The server's own caches take a moment to know a new namespace.
    await eventually(`the namespace ${namespace}`, () => ensureSearchAttributes(connection, namespace));
    return { address, namespace };
  } finally {
    await connection.close();
  }
}

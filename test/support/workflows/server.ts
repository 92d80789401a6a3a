import { temporal } from '@temporalio/proto';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { DefaultLogger, Runtime } from '@temporalio/worker';
import { searchAttributes } from '../../../core/ids';
import { startTimeSkippingServer, type TimeSkippingServer } from '../servers/timeSkipping';

const { IndexedValueType } = temporal.api.enums.v1;

/** Test output is for failures: a worker's coming and going is none. */
export function quiet(): void {
  Runtime.install({
    logger: new DefaultLogger('ERROR'),
    telemetryOptions: { logging: { filter: 'ERROR', forward: {} } },
  });
}

/** A time-skipping server of one's own, and the SDK's view of it. */
export interface WorkflowServer {
  env: TestWorkflowEnvironment;
  server: TimeSkippingServer;
}

export async function startWorkflowServer(): Promise<WorkflowServer> {
  const server = await startTimeSkippingServer(process.env.SPILLWAY_TEST_SERVER!);
  const { stand: executable, port } = server;
  const env = await TestWorkflowEnvironment.createTimeSkipping({ server: { executable, port } });
  await registerSearchAttributes(env);
  return { env, server };
}

/** Ends the server whatever state a test has left it in: a connection that is still held is no reason to stay. */
export async function stopWorkflowServer({ env, server }: WorkflowServer): Promise<void> {
  await env.teardown().catch(() => undefined);
  await server.stop();
}

/**
 * Ends the server of a place where a test stood still. Its connections stay: the client repeats calls by
 * timers, and one that finds its connection closed throws where nobody can catch it.
 */
export const abandonWorkflowServer = ({ server }: WorkflowServer): Promise<void> => server.stop();

/** A server refuses attributes that it does not know. */
async function registerSearchAttributes(env: TestWorkflowEnvironment): Promise<void> {
  await env.connection.operatorService.addSearchAttributes({
    namespace: 'default',
    searchAttributes: {
      ...Object.fromEntries(
        Object.values(searchAttributes).map((name) => [name, IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD]),
      ),
      [searchAttributes.stage]: IndexedValueType.INDEXED_VALUE_TYPE_INT,
      [searchAttributes.percentage]: IndexedValueType.INDEXED_VALUE_TYPE_DOUBLE,
      [searchAttributes.slaDeadline]: IndexedValueType.INDEXED_VALUE_TYPE_DATETIME,
    },
  });
}

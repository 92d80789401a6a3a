import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { NativeConnection, WorkerDeploymentOptions } from '@temporalio/worker';
import type { WorkerConfig } from './config';

/** All workers of the product are versions of one deployment. */
export const DEPLOYMENT = 'spillway';

/** Which code this is: a setting, or the digest of the workflows' bundle. */
export async function readBuildId({ buildId, workflowBundle }: WorkerConfig): Promise<string> {
  if (buildId) return buildId;
  if (!workflowBundle) return 'development';
  const bundle = await readFile(workflowBundle);
  return createHash('sha256').update(bundle).digest('hex').slice(0, 12);
}

/**
 * Running releases move to the current version (AUTO_UPGRADE): old workers need not stay until the last
 * release of theirs has ended, which takes weeks, and recorded histories prove that the move is safe.
 */
export const describeVersion = (buildId: string): WorkerDeploymentOptions => ({
  version: { deploymentName: DEPLOYMENT, buildId },
  useWorkerVersioning: true,
  defaultVersioningBehavior: 'AUTO_UPGRADE',
});

/** The same names for whoever reads the Temporal UI, where the server does not route by versions. */
export const describeUnversioned = (buildId: string): WorkerDeploymentOptions => ({
  version: { deploymentName: DEPLOYMENT, buildId },
  useWorkerVersioning: false,
});

/** Whether the server knows worker deployments and lets this worker see them. */
export const supportsDeployments = (
  { workflowService }: NativeConnection,
  namespace: string,
): Promise<boolean> =>
  workflowService.listWorkerDeployments({ namespace, pageSize: 1 }).then(
    () => true,
    () => false,
  );

/**
 * Makes a version the current one, to which the server hands all tasks. The server knows a version only
 * once its workers poll, and refuses until then.
 */
export async function makeCurrent(
  { workflowService }: NativeConnection,
  namespace: string,
  buildId: string,
): Promise<void> {
  await workflowService.setWorkerDeploymentCurrentVersion({
    namespace,
    deploymentName: DEPLOYMENT,
    buildId,
    // Queues of an older version that this one no longer has must not keep the old one current.
    ignoreMissingTaskQueues: true,
    identity: `${DEPLOYMENT}-worker`,
  });
}

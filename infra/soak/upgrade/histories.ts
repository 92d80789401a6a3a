import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import { temporal } from '@temporalio/proto';
import { releaseWorkflowId, rolloutWorkflowId } from '../../../core/ids';

const { WorkflowTaskFailedCause } = temporal.api.enums.v1;

/** Something arrived while the task was under way: the server has it done again, and nothing is wrong. */
const HARMLESS = [WorkflowTaskFailedCause.WORKFLOW_TASK_FAILED_CAUSE_UNHANDLED_COMMAND];

/**
 * What is wrong with the workflows of a version, in sentences: one that has not ended well or ran more than once, a
 * task of one that failed, or one that another version of the workers has ended than `buildId`.
 */
export async function listHistoryFaults(
  client: Client,
  versionId: string,
  buildId: string,
): Promise<string[]> {
  const ids = [releaseWorkflowId(versionId), rolloutWorkflowId(versionId)];
  return (await Promise.all(ids.map((id) => inspect(client, id, buildId)))).flat();
}

async function inspect(client: Client, workflowId: string, buildId: string): Promise<string[]> {
  const handle = client.workflow.getHandle(workflowId);
  const description = await handle.describe().catch(ignoreMissing);
  // A release that was never listed has no rollout.
  if (!description) return [];
  const endedBy = description.raw.workflowExecutionInfo?.versioningInfo?.deploymentVersion?.buildId;
  const { events } = await handle.fetchHistory();
  const failed = (events ?? []).flatMap(({ workflowTaskFailedEventAttributes: each }) => each ?? []);
  const causes = failed.filter(({ cause }) => !HARMLESS.some((harmless) => harmless === cause));
  const runs: string[] = [];
  for await (const each of client.workflow.list({ query: `WorkflowId = "${workflowId}"` }))
    runs.push(each.runId);
  return [
    ...(description.status.name === 'COMPLETED' ? [] : [`${workflowId} is ${description.status.name}`]),
    ...(runs.length === 1 ? [] : [`${workflowId} ran ${runs.length} times`]),
    ...(endedBy === buildId ? [] : [`${workflowId} was ended by version ${endedBy}, not by ${buildId}`]),
    ...causes.map(
      ({ failure }) => `a task of ${workflowId} failed: ${failure?.message ?? 'without a message'}`,
    ),
  ];
}

function ignoreMissing(error: unknown): undefined {
  if (!(error instanceof WorkflowNotFoundError)) throw error;
}

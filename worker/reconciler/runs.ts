import {
  isGrpcServiceError,
  ServiceError,
  WorkflowExecutionAlreadyStartedError,
  WorkflowNotFoundError,
  type Client,
  type WorkflowExecutionDescription,
  type WorkflowExecutionInfo,
} from '@temporalio/client';
import type { Resumption } from '../../contracts/releases/messages';
import { formatVersionId, releaseWorkflowId, taskQueues } from '../../core/ids';
import type { RunStanding } from '../../core/operations/reconcile';
import type { release } from '../../workflows';
import { withdraw } from '../../workflows/releases/messages';

/** A run of a workflow as the engine lists it. */
export type ListedRun = Pick<WorkflowExecutionInfo, 'workflowId' | 'runId' | 'startTime'>;

/** What runs under a workflow id. */
export interface FoundRun {
  standing: Exclude<RunStanding, 'absent'>;
  runId: string;
  startedAt: Date;
}

const OURS = `TaskQueue = '${taskQueues.release}' and WorkflowType in ('release', 'rollout')`;
const RUNNING = `ExecutionStatus = 'Running' and ${OURS}`;
/** Runs with a step that is paused, and those that are pinned to a version of the workers. */
const HELD = `${RUNNING} and (TemporalPauseInfo is not null or TemporalWorkflowVersioningBehavior = 'Pinned')`;
const types = ['release', 'rollout'];

/** The runs of releases and rollouts in the workflow engine. */
export interface Runs {
  /** All that the engine lists; a run of the last seconds may be missing. */
  listRunning(): AsyncIterable<ListedRun>;
  /** Those of them that the engine lists as held up; none where the server cannot tell. */
  listHeld(): AsyncIterable<ListedRun>;
  /** What runs under an id at this moment, paused or not; undefined when nothing does. */
  find(workflowId: string): Promise<FoundRun | undefined>;
  /** Ends a run; one that has ended is fine. */
  end(workflowId: string, runId: string, reason: string): Promise<void>;
  /** Starts a release from its rows; one that somebody else has started meanwhile is fine. */
  resume(resumption: Resumption): Promise<void>;
  /** Tells a release to withdraw as its row says; whether it has. */
  withdraw(workflowId: string, runId: string): Promise<boolean>;
}

/** A run whose workers do not answer within this time stops no other, in milliseconds. */
const ANSWER_WITHIN_MS = 5_000;

export function createRuns({ client, namespace }: { client: Client; namespace: string }): Runs {
  const { workflow: workflows, workflowService } = client;
  /** The id of the run with which a chain of runs began: a reset makes a further one. */
  async function readFirstRunId(workflowId: string, runId: string): Promise<string | null | undefined> {
    const { history } = await workflowService.getWorkflowExecutionHistory({
      ...{ namespace, execution: { workflowId, runId }, maximumPageSize: 1 },
    });
    return history?.events?.[0]?.workflowExecutionStartedEventAttributes?.firstExecutionRunId;
  }
  return {
    listRunning: () => workflows.list({ query: RUNNING, pageSize: 500 }),
    async *listHeld() {
      try {
        yield* workflows.list({ query: HELD, pageSize: 500 });
      } catch (error) {
        // An older server does not know these attributes.
        if (!isInvalidQuery(error)) throw error;
      }
    },
    async find(workflowId) {
      const run = await workflows.getHandle(workflowId).describe().catch(undefinedIfAbsent);
      if (!run || !isOpen(run.status.name)) return undefined;
      const { runId, startTime: startedAt } = run;
      const isOurs = types.includes(run.type) && run.taskQueue === taskQueues.release;
      if (!isOurs) return { standing: 'foreign', runId, startedAt };
      const isFirst = (await readFirstRunId(workflowId, runId)) === runId;
      if (!isFirst) return { standing: 'reset', runId, startedAt };
      return { standing: isHeld(run) ? 'held' : 'running', runId, startedAt };
    },
    async end(workflowId, runId, reason) {
      await workflows.getHandle(workflowId, runId).terminate(reason).catch(undefinedIfAbsent);
    },
    async withdraw(workflowId, runId) {
      const handle = workflows.getHandle(workflowId, runId);
      const ask = () => handle.executeUpdate(withdraw).catch(undefinedIfAbsent);
      const reply = await client.withDeadline(Date.now() + ANSWER_WITHIN_MS, ask);
      return reply?.outcome === 'accepted';
    },
    async resume(resumption) {
      const { pluginId, version, channel } = resumption.request;
      const versionId = formatVersionId(pluginId, version);
      const start = workflows.start<typeof release>('release', {
        workflowId: releaseWorkflowId(versionId),
        taskQueue: taskQueues.release,
        args: [resumption],
        staticSummary: `Release ${versionId} to ${channel}`,
        staticDetails: 'Started again from the records',
      });
      await start.catch((error: unknown) => {
        if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
      });
    },
  };
}

const isOpen = (status: string): boolean => status === 'RUNNING' || status === 'PAUSED';

const queues: readonly string[] = Object.values(taskQueues);

/**
 * Whether somebody keeps a run from going on. The platform itself pauses nothing in the engine, pins no run, and sends
 * no step to any other queue.
 */
function isHeld({ status, raw }: WorkflowExecutionDescription): boolean {
  if (status.name === 'PAUSED' || raw.workflowExecutionInfo?.versioningInfo?.versioningOverride) return true;
  return (raw.pendingActivities ?? []).some(({ paused, activityOptions }) => {
    const queue = activityOptions?.taskQueue?.name;
    // A server that does not tell has no options to change either.
    return paused === true || Boolean(queue && !queues.includes(queue));
  });
}

/** The status of gRPC for a query that names what the server does not know. */
const INVALID_ARGUMENT = 3;

function isInvalidQuery(error: unknown): boolean {
  const cause = error instanceof ServiceError ? error.cause : error;
  return isGrpcServiceError(cause) && Number(cause.code) === INVALID_ARGUMENT;
}

function undefinedIfAbsent(error: unknown): undefined {
  if (error instanceof WorkflowNotFoundError) return undefined;
  throw error;
}

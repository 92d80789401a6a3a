import {
  ActivityFailure,
  ApplicationFailure,
  CancelledFailure,
  WithStartWorkflowOperation,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
  type Client,
} from '@temporalio/client';
import { createHash } from 'node:crypto';
import pRetry from 'p-retry';
import type { Decision, DecisionReply } from '../../contracts/reviews/messages';
import type { FinaliseReply, Submission, SubmitReply } from '../../contracts/releases/messages';
import type { Origin } from '../../contracts/audit/origin';
import type { RolloutAction } from '../../contracts/rollouts/control';
import { isErrorCode, refusal } from '../../core/errors/errors';
import { releaseWorkflowId, rolloutWorkflowId, taskQueues, versionIdOf } from '../../core/ids';
import { abort, evaluate, pause, resume } from '../../workflows/rollouts/messages';
import { decide } from '../../workflows/reviews/messages';
import { finaliseUpload, submit, SUBMIT_AGAIN } from '../../workflows/releases/messages';
import type { release } from '../../workflows';
import { GRPC, grpcStatus } from '../http/faults';

/**
 * What the API asks of running workflows. Each call has a deadline; `undefined` or `false` says that
 * no such workflow is running, which the caller judges by what the database knows.
 */
export interface ReleaseWorkflows {
  submit(submission: Submission): Promise<SubmitReply>;
  finalise(versionId: string, origin: Origin): Promise<FinaliseReply | undefined>;
  decide(versionId: string, decision: Decision): Promise<DecisionReply | undefined>;
  steer(versionId: string, action: RolloutAction, origin: Origin): Promise<boolean>;
  /** Wakes the rollout of a version to look at its counters; one that has ended needs no waking. */
  evaluate(versionId: string): Promise<void>;
  /** Fails when the engine cannot be reached within `timeoutMs`. */
  ping(timeoutMs: number): Promise<void>;
}

const signals = { pause, resume, abort };

/** A release whose first task is over before the update arrives is looked for again. */
const RETRIES = { retries: 6, minTimeout: 100, maxTimeout: 2_000, factor: 2, randomize: true };

export function releaseWorkflows(
  client: Client,
  { timeoutMs, now }: { timeoutMs: number; now: () => Date },
): ReleaseWorkflows {
  const within = <T>(work: () => Promise<T>): Promise<T> =>
    client.connection.withDeadline(now().getTime() + timeoutMs, work);
  const handleOf = (versionId: string) => client.workflow.getHandle(releaseWorkflowId(versionId));

  return {
    submit: (submission) =>
      within(() => patiently((attempt) => submitOnce(client, submission, attempt))).catch(throwRefusal),
    finalise: (versionId, origin) =>
      orUndefined(
        within(() => patiently(() => handleOf(versionId).executeUpdate(finaliseUpload, { args: [origin] }))),
      ),
    decide: (versionId, decision) => {
      // A repeated request of one reviewer finds its own decision instead of a closed review.
      const updateId = digestOf('decide', decision.reviewer, decision.requestId);
      const options = { args: [decision] as [Decision], updateId };
      return orUndefined(within(() => handleOf(versionId).executeUpdate(decide, options)));
    },
    async steer(versionId, action, origin) {
      const handle = client.workflow.getHandle(rolloutWorkflowId(versionId));
      // A release is rolling out a moment before its rollout's workflow has begun.
      const sent = within(() => patiently(() => handle.signal(signals[action], origin))).then(() => true);
      return (await orUndefined(sent)) ?? false;
    },
    async evaluate(versionId) {
      await orUndefined(
        within(() => client.workflow.getHandle(rolloutWorkflowId(versionId)).signal(evaluate)),
      );
    },
    async ping(pingTimeoutMs) {
      const { connection } = client;
      await connection.withDeadline(now().getTime() + pingTimeoutMs, () =>
        connection.workflowService.getSystemInfo({}),
      );
    },
  };
}

/**
 * Update-With-Start: the workflow exists exactly when the reply carries its receipt. Equal submissions
 * share one update, so any number of parallel repetitions costs the workflow one. The engine keeps the
 * answers of a release that has ended, and what it refused then may be in order by now: an answer that
 * was given to another call counts when it is a receipt, and otherwise this call asks for its own.
 */
async function submitOnce(client: Client, submission: Submission, attempt: number): Promise<SubmitReply> {
  const { request, publisherId, submissionDigest } = submission;
  const versionId = versionIdOf(request.pluginId, request.version);
  const startWorkflowOperation = new WithStartWorkflowOperation<typeof release>('release', {
    workflowId: releaseWorkflowId(versionId),
    taskQueue: taskQueues.release,
    workflowIdConflictPolicy: 'USE_EXISTING',
    args: [submission],
    staticSummary: `Release ${versionId} to ${request.channel}`,
    staticDetails: `Submitted by ${publisherId} under request ${request.publishRequestId}`,
  });
  const shared = ['submit', publisherId, request.publishRequestId, submissionDigest];
  const reply = await client.workflow.executeUpdateWithStart(submit, {
    args: [submission],
    updateId: digestOf(...shared, ...(attempt === 1 ? [] : [submission.callId, String(attempt)])),
    startWorkflowOperation,
  });
  if (reply.outcome === 'refused' && reply.callId !== submission.callId) throw new AnswerToAnother();
  return reply;
}

/** A refusal that another call was given, perhaps long ago. */
class AnswerToAnother extends Error {}

const digestOf = (...parts: string[]): string =>
  `${parts[0]}:${createHash('sha256').update(JSON.stringify(parts)).digest('hex')}`;

/** Tries again while the engine has too many updates of one workflow in flight, or one just ended. */
const patiently = <T>(work: (attempt: number) => Promise<T>): Promise<T> =>
  pRetry(work, {
    ...RETRIES,
    shouldRetry: ({ error }) =>
      error instanceof AnswerToAnother || grpcStatus(error) === GRPC.resourceExhausted || isOver(error),
  });

/** The workflow ended between being found and answering, was cancelled meanwhile, or is not there at all. */
function isOver(error: unknown): boolean {
  if (error instanceof WorkflowNotFoundError || grpcStatus(error) === GRPC.notFound) return true;
  if (isCancelled(causeOf(error))) return true;
  return ['AcceptedUpdateCompletedWorkflow', SUBMIT_AGAIN].includes(failureOf(error)?.type ?? '');
}

/** Cancelled itself, or with the activity that it waited for. */
const isCancelled = (error: unknown): boolean =>
  error instanceof CancelledFailure || (error instanceof ActivityFailure && isCancelled(error.cause));

const causeOf = (error: unknown): unknown =>
  error instanceof WorkflowUpdateFailedError ? error.cause : undefined;

function failureOf(error: unknown): ApplicationFailure | undefined {
  const cause = causeOf(error);
  return cause instanceof ApplicationFailure ? cause : undefined;
}

const orUndefined = <T>(work: Promise<T>): Promise<T | undefined> =>
  work.catch((error: unknown) => (isOver(error) ? undefined : throwRefusal(error)));

/** A failure with a code of the catalogue is a refusal in the workflow's own words. */
function throwRefusal(error: unknown): never {
  const failure = failureOf(error);
  if (failure?.type && isErrorCode(failure.type)) throw refusal(failure.type, failure.message);
  throw error;
}

import { WithStartWorkflowOperation, type Client } from '@temporalio/client';
import type { Origin } from '../../contracts/audit/origin';
import type { FinaliseReply, Submission, SubmitReply } from '../../contracts/releases/messages';
import { refusal } from '../../core/errors/errors';
import { releaseWorkflowId, taskQueues, formatVersionId } from '../../core/ids';
import {
  abortUpload,
  finaliseUpload,
  submit,
  SUBMIT_AGAIN,
  withdraw,
} from '../../workflows/releases/messages';
import type { release } from '../../workflows';
import {
  digestCall,
  findFailure,
  retryWhileBusy,
  throwRefusal,
  undefinedIfEnded,
  type Engine,
} from '../http/engine';

/**
 * Starts the workflow of a release and takes its receipt.
 *
 * @throws Refusal with a code of the catalogue where the workflow failed with one
 */
export const submitRelease = (engine: Engine, submission: Submission): Promise<SubmitReply> =>
  engine
    .withDeadline(() =>
      retryWhileBusy((attempt) => submitOnce(engine.client, submission, attempt), isWorthAnotherAttempt),
    )
    .catch((error: unknown) => {
      if (findFailure(error)?.type !== SUBMIT_AGAIN) return throwRefusal(error);
      throw refusal('UNAVAILABLE', 'The release before is being ended.');
    });

/** Asks a release to close its upload; undefined when it is not running. */
export const finaliseRelease = (
  engine: Engine,
  versionId: string,
  origin: Origin,
): Promise<FinaliseReply | undefined> => {
  const handle = engine.client.workflow.getHandle(releaseWorkflowId(versionId));
  return undefinedIfEnded(
    engine.withDeadline(() => retryWhileBusy(() => handle.executeUpdate(finaliseUpload, { args: [origin] }))),
  );
};

/** Asks a release to end its upload, as the records say; undefined when it is not running. */
export const abortReleaseUpload = (engine: Engine, versionId: string): Promise<FinaliseReply | undefined> => {
  const handle = engine.client.workflow.getHandle(releaseWorkflowId(versionId));
  return undefinedIfEnded(engine.withDeadline(() => retryWhileBusy(() => handle.executeUpdate(abortUpload))));
};

/** Asks a release to end, as the records say; undefined when it is not running. */
export const withdrawRunning = (engine: Engine, versionId: string): Promise<FinaliseReply | undefined> => {
  const handle = engine.client.workflow.getHandle(releaseWorkflowId(versionId));
  return undefinedIfEnded(engine.withDeadline(() => retryWhileBusy(() => handle.executeUpdate(withdraw))));
};

/**
 * Update-With-Start: the workflow exists exactly when the reply carries its receipt. Equal submissions
 * share one update, so any number of parallel repetitions costs the workflow one. The engine keeps the
 * answers of a release that has ended, and what it refused then may be in order by now: an answer that
 * was given to another call counts when it is a receipt, and otherwise this call asks for its own.
 */
async function submitOnce(client: Client, submission: Submission, attempt: number): Promise<SubmitReply> {
  const { request, publisherId, submissionDigest } = submission;
  const versionId = formatVersionId(request.pluginId, request.version);
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
    updateId: digestCall(...shared, ...(attempt === 1 ? [] : [submission.callId, String(attempt)])),
    startWorkflowOperation,
  });
  if (reply.outcome === 'refused' && reply.callId !== submission.callId) throw new AnswerToAnother();
  return reply;
}

/** A refusal that another call was given, perhaps long ago. */
class AnswerToAnother extends Error {}

const isWorthAnotherAttempt = (error: unknown): boolean =>
  error instanceof AnswerToAnother || findFailure(error)?.type === SUBMIT_AGAIN;

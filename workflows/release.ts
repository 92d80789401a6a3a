import { executeChild } from '@temporalio/workflow';
import { rolloutWorkflowId } from '../core/ids';
import type { Problem } from '../core/errors/errors';
import type { ReleaseOutcome, RolloutOrder, Submission } from '../contracts/workflowMessages';
import type { CheckedRelease } from '../activities/types';
import { messages, records } from './effects';
import { finishHandlers } from './handlers';
import { endBadly } from './releases/ending';
import { examine } from './scans/scanning';
import { move, openLine, registered, type Line } from './releases/context';
import { register } from './releases/registration';
import { awaitDecision, openDesk, type Desk } from './reviews/review';
import { rollout } from './rollouts/rollout';
import { awaitUpload, receiveParts } from './releases/upload';

/**
 * One release, from submission to outcome. It only goes forward: a fix is a new version, or a new
 * submission of a version that was never listed.
 */
export async function release(submission: Submission): Promise<ReleaseOutcome> {
  const line = openLine(submission);
  const desk = openDesk(line);
  const upload = receiveParts(line);
  const outcome = await carry(line, submission, desk, upload);
  line.isOver = true;
  await finishHandlers();
  return outcome;
}

async function carry(
  line: Line,
  submission: Submission,
  desk: Desk,
  upload: { complete: boolean },
): Promise<ReleaseOutcome> {
  const checked = await register(line, submission);
  if (!checked) return { state: line.state, problems: [] };
  try {
    const problems = await awaitUpload(line, upload);
    if (problems.length > 0) return await refuse(line, problems);
    const findings = await examine(line);
    if (findings.length > 0) return await refuse(line, findings);
    const { decision } = await awaitDecision(line, desk);
    if (decision === 'reject') return await refuse(line, []);
    const order = await list(line, checked);
    return await rollOut(line, order);
  } catch (error) {
    return endBadly(line, error);
  }
}

/** The publisher hears how it ended; nothing was listed. */
async function refuse(line: Line, problems: Problem[]): Promise<ReleaseOutcome> {
  const outcome = line.state === 'expired' ? 'expired' : 'rejected';
  await messages.notifyPublisher({ releaseId: registered(line).releaseId, outcome });
  return { state: line.state, problems };
}

/** Plans the rollout as data, lists the version, and tells who subscribed to the plugin. */
async function list(line: Line, checked: CheckedRelease): Promise<RolloutOrder> {
  await move(line, 'scheduled', 'the listing');
  const order = await records.planRollout(checked);
  await records.listRelease(checked);
  await move(line, 'listed', 'the notifications');
  await messages.notifySubscribers(checked.releaseId);
  return order;
}

async function rollOut(line: Line, order: RolloutOrder): Promise<ReleaseOutcome> {
  await move(line, 'rolling_out', 'the first stage');
  const result = await executeChild(rollout, {
    workflowId: rolloutWorkflowId(order.versionId),
    args: [order],
    staticSummary: `Rollout of ${order.versionId}`,
  });
  // The rollout has changed the state itself where it was taken back.
  if (result.outcome === 'completed') await move(line, 'completed', 'nothing');
  else line.state = 'rolled_back';
  return { state: line.state, problems: [] };
}

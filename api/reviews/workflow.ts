import { setTimeout as sleep } from 'node:timers/promises';
import { isReviewOpen } from '../../adapters/db/reviews/queue';
import type { Decision, DecisionReply } from '../../contracts/reviews/messages';
import { Refusal, refusal } from '../../core/errors/errors';
import { releaseWorkflowId } from '../../core/ids';
import { decide } from '../../workflows/reviews/messages';
import type { RouteDependencies } from '../http/dependencies';
import { digestCall, undefinedIfEnded, type Engine } from '../http/engine';

/** How often, and how far apart, a review is asked again that the queue shows as open. */
const TRIES = 8;
const PAUSE_MS = 250;

/**
 * Brings a decision to the workflow. The queue shows a review as open a moment before the workflow
 * takes decisions, and a decided one a moment too long: while it does, "closed" is asked again.
 *
 * @throws Refusal REVIEW_CLOSED, or what the workflow refuses the decision with
 */
export async function decideWhenOpen(
  deps: Pick<RouteDependencies, 'db' | 'engine'>,
  { releaseId, versionId }: { releaseId: string; versionId: string },
  decision: Decision,
): Promise<DecisionReply> {
  const closed = refusal('REVIEW_CLOSED', `The review of ${versionId} is not open.`);
  for (let left = TRIES; ; left -= 1) {
    try {
      const taken = await sendDecision(deps.engine, versionId, decision);
      if (taken) return taken;
      throw closed;
    } catch (error) {
      const isClosed = error instanceof Refusal && error.code === 'REVIEW_CLOSED';
      if (!isClosed || left === 0 || !(await isReviewOpen(deps.db, releaseId))) throw error;
    }
    await sleep(PAUSE_MS);
  }
}

/** Sends a decision to its release; undefined when that is not running. */
export function sendDecision(
  engine: Engine,
  versionId: string,
  decision: Decision,
): Promise<DecisionReply | undefined> {
  const handle = engine.client.workflow.getHandle(releaseWorkflowId(versionId));
  // A repeated request of one reviewer finds its own decision instead of a closed review.
  const updateId = digestCall('decide', decision.reviewer, decision.requestId);
  const options = { args: [decision] as [Decision], updateId };
  return undefinedIfEnded(engine.withDeadline(() => handle.executeUpdate(decide, options)));
}

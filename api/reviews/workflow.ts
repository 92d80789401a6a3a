import type { DecisionReference, DecisionReply } from '../../contracts/reviews/messages';
import { releaseWorkflowId } from '../../core/ids';
import { decide } from '../../workflows/reviews/messages';
import { undefinedIfEnded, type Engine } from '../http/engine';

/**
 * Tells a release that a decision is on record, and waits until it was carried out; undefined when the release
 * is not running. The same decision sent again is one message.
 *
 * @throws Refusal with a code of the catalogue where the release does not take it
 */
export function sendDecision(
  engine: Engine,
  versionId: string,
  { decisionId }: DecisionReference,
): Promise<DecisionReply | undefined> {
  const handle = engine.client.workflow.getHandle(releaseWorkflowId(versionId));
  const options = { args: [{ decisionId }] as [DecisionReference], updateId: `decide:${decisionId}` };
  return undefinedIfEnded(engine.withDeadline(() => handle.executeUpdate(decide, options)));
}

import {
  ApplicationFailure,
  CancellationScope,
  condition,
  isCancellation,
  setHandler,
  sleep,
} from '@temporalio/workflow';
import { checkDecision } from '../../core/reviews/decision';
import { slaSteps } from '../../core/reviews/sla';
import type { Decision, DecisionReply, SignalledDecision } from '../../contracts/workflowMessages';
import { records } from '../effects';
import { move, registered, show, type Line } from '../releases/context';
import { approve, decide, reject } from '../messages';

/** Where a decision is left; the first one wins (REV-21). */
export interface Desk {
  /** From the moment on in which anybody could see the review as open. */
  isOpen: boolean;
  decision: Decision | undefined;
  isRecorded: boolean;
}

/** Opens the desk: decisions come by Update, or by the signals `approve` and `reject`. */
export function openDesk(line: Line): Desk {
  const desk: Desk = { isOpen: false, decision: undefined, isRecorded: false };
  const problemsOf = (decision: Decision) =>
    checkDecision(decision, {
      open: desk.isOpen && desk.decision === undefined,
      publisherId: line.release?.publisherId ?? '',
      packageSha256: line.release?.packageSha256 ?? '',
      versionId: line.release?.versionId ?? '',
    });
  const refuse = (decision: Decision) => {
    const [first] = problemsOf(decision);
    if (first) throw ApplicationFailure.nonRetryable(first.detail, first.code);
  };
  setHandler(decide, (decision) => answer(line, desk, decision), { validator: refuse });
  const bySignal = (kind: Decision['decision']) => (signal: SignalledDecision) => {
    const packageSha256 = line.release?.packageSha256 ?? '';
    const decision = { ...signal, notes: signal.notes ?? '', decision: kind, packageSha256 };
    if (problemsOf(decision).length === 0) desk.decision = decision;
  };
  setHandler(approve, bySignal('approve'));
  setHandler(reject, bySignal('reject'));
  return desk;
}

/** Takes the decision, and replies once it is on record. */
async function answer(line: Line, desk: Desk, decision: Decision): Promise<DecisionReply> {
  desk.decision = decision;
  await condition(() => desk.isRecorded || line.isOver);
  return { decision: decision.decision, reviewer: decision.reviewer, state: line.state };
}

/** Waits for a person, however long it takes; the SLA only tells people, it never decides. */
export async function awaitDecision(line: Line, desk: Desk): Promise<Decision> {
  const { releaseId, timings } = registered(line);
  // Before the row says so: whoever reads it there finds the desk open.
  desk.isOpen = true;
  const { openedAt, slaDeadline } = await records.openReview({ releaseId, slaMs: timings.slaMs });
  line.slaDeadline = slaDeadline;
  await move(line, 'in_review', 'a reviewer');
  const clock = new CancellationScope();
  const watch = clock.run(() => watchSla(line, Date.parse(openedAt)));
  await condition(() => desk.decision !== undefined);
  clock.cancel();
  await watch;
  return recordDecision(line, desk, desk.decision!);
}

/** Two warnings and one breach alert, each once (REV-18). */
async function watchSla(line: Line, openedAt: number): Promise<void> {
  const { releaseId, timings } = registered(line);
  try {
    for (const { level, afterMs } of slaSteps(timings.slaMs)) {
      await sleep(Math.max(1, openedAt + afterMs - Date.now()));
      await records.alertSla({ releaseId, level });
      show(line, `a reviewer; ${level * 100} % of the SLA have passed`);
    }
  } catch (error) {
    if (!isCancellation(error)) throw error;
  }
}

async function recordDecision(line: Line, desk: Desk, decision: Decision): Promise<Decision> {
  const { releaseId } = registered(line);
  const { reviewer, notes, requestId, actor } = decision;
  await records.recordDecision({ releaseId, decision: decision.decision, reviewer, notes, requestId });
  const origin = { actor, requestId };
  if (decision.decision === 'approve') await move(line, 'approved', 'the listing', { origin });
  else
    await move(line, 'rejected', 'nothing', { origin, reason: notes || 'A reviewer rejected the release.' });
  desk.isRecorded = true;
  return decision;
}

import { condition, getExternalWorkflowHandle, setHandler, workflowInfo } from '@temporalio/workflow';
import type { ReleaseState } from '../../core/releases/state';
import type { RolloutState } from '../../core/releases/rolloutPlan';
import type { Origin, RolloutOrder, StageView } from '../../contracts/workflowMessages';
import { records } from '../effects';
import { abort, look, pause, resume, stageMoved, stageQuery } from '../messages';

/** The steering wheel of a rollout: where it is, and what operators asked of it. */
export interface Wheel {
  order: RolloutOrder;
  view: StageView;
  releaseState: ReleaseState;
  paused: Origin | undefined;
  resumed: Origin | undefined;
  aborted: Origin | undefined;
  /** Somebody saw counters that condemn the stage; the next look need not wait. */
  hasNews: boolean;
  /** Counts what was written about steering, so that a retried line lands on itself. */
  turns: number;
}

/** Opens the wheel: signals of operators, and the query for the stage. */
export function openWheel(order: RolloutOrder): Wheel {
  const wheel: Wheel = {
    order,
    view: {
      stage: 0,
      stages: order.plan.stages.length,
      basisPoints: 0,
      startedAt: undefined,
      nextStageAt: undefined,
      state: 'active' satisfies RolloutState,
    },
    releaseState: 'rolling_out',
    paused: undefined,
    resumed: undefined,
    aborted: undefined,
    hasNews: false,
    turns: 0,
  };
  setHandler(pause, (origin) => void (wheel.paused ??= origin));
  setHandler(resume, (origin) => {
    wheel.paused = undefined;
    wheel.resumed = origin;
  });
  setHandler(abort, (origin) => void (wheel.aborted ??= origin));
  setHandler(look, () => void (wheel.hasNews = true));
  setHandler(stageQuery, () => wheel.view);
  return wheel;
}

/** Tells the release where its rollout is, for its queries and its page in the Temporal UI. */
export async function tell(wheel: Wheel, state: RolloutState): Promise<void> {
  wheel.view = { ...wheel.view, state };
  const parent = workflowInfo().parent;
  if (!parent) return;
  const moved = { releaseState: wheel.releaseState, stage: wheel.view };
  await getExternalWorkflowHandle(parent.workflowId).signal(stageMoved, moved);
}

/**
 * Stands still until an operator resumes or aborts, and says both on the record (RLO-24).
 * `why` is the operator who paused, or a sentence when the rollout paused by itself.
 */
export async function standStill(wheel: Wheel, why: Origin | string): Promise<void> {
  const origin = typeof why === 'string' ? wheel.order.origin : why;
  const text = typeof why === 'string' ? why : `${why.actor} paused the rollout.`;
  wheel.resumed = undefined;
  await steer(wheel, 'rollout_paused', text, origin, 'paused');
  wheel.view = { ...wheel.view, nextStageAt: undefined };
  await tell(wheel, 'paused');
  const resumedBy = () => wheel.resumed;
  await condition(() => resumedBy() !== undefined || wheel.aborted !== undefined);
  const by = resumedBy();
  if (!by || wheel.aborted) return;
  await steer(wheel, 'rollout_resumed', `${by.actor} resumed the rollout.`, by, 'rolling_out');
  await tell(wheel, 'active');
}

/** Writes a steering line, and moves the release's state where it changes. */
async function steer(
  wheel: Wheel,
  kind: 'rollout_paused' | 'rollout_resumed',
  text: string,
  origin: Origin,
  to: ReleaseState,
): Promise<void> {
  const { order, releaseState: from } = wheel;
  const ref = { releaseId: order.releaseId, versionId: order.versionId, stage: wheel.view.stage };
  await records.noteSteering({ ref, kind, text, origin, turn: ++wheel.turns });
  await records.changeState({ releaseId: order.releaseId, from, to, ...origin });
  wheel.releaseState = to;
}

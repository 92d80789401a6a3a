import { condition, getExternalWorkflowHandle, setHandler, workflowInfo } from '@temporalio/workflow';
import { getBackoffMs } from '../../core/backoff';
import type { Problem } from '../../core/errors/errors';
import type { ReleaseState } from '../../core/releases/state';
import { getSuccessorLooks } from '../../core/releases/supersession';
import type { RolloutState } from '../../core/releases/rolloutPlan';
import { describeSteering } from '../../core/rollouts/events';
import type { Origin } from '../../contracts/audit/origin';
import type { StageProgress } from '../../contracts/releases/messages';
import type { RolloutOrder, RolloutStanding } from '../../contracts/rollouts/messages';
import type { RolloutEvent, StageRef } from '../../activities/rollouts/types';
import { releaseRecords } from '../releases/effects';
import { stageChanged, stageQuery } from '../releases/messages';
import { rolloutRecords } from './effects';

/** Where a rollout is, and what operators asked of it. */
export interface RolloutControl {
  order: RolloutOrder;
  progress: StageProgress;
  releaseState: ReleaseState;
  paused: Origin | undefined;
  resumed: Origin | undefined;
  aborted: Origin | undefined;
  /** Why a newer version has taken the place of this one, which ends the rollout. */
  superseded: Problem[] | undefined;
  /** Reports have condemned the stage: its counters are evaluated without waiting for the next turn. */
  evaluationRequested: boolean;
  /** How many events were recorded: the key by which a retried one is recorded once. */
  recordedEvents: number;
}

/** Where a rollout stands that has not begun; answers the query for its stage. */
export function openRolloutControl(order: RolloutOrder): RolloutControl {
  const control: RolloutControl = {
    order,
    progress: {
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
    superseded: undefined,
    evaluationRequested: false,
    recordedEvents: 0,
  };
  setHandler(stageQuery, () => control.progress);
  return control;
}

/** Sets a rollout to where its rows say it stands; what operators asked of a run that was lost is asked of this one. */
export function takeUp(control: RolloutControl, standing: RolloutStanding): void {
  const { releaseState, recordedEvents, pending } = standing;
  control.releaseState = releaseState;
  control.recordedEvents = recordedEvents;
  const stage = Math.min(standing.stage, control.progress.stages);
  control.progress = { ...control.progress, stage };
  if (releaseState === 'paused') control.paused ??= control.order.origin;
  control.paused ??= pending.paused;
  control.resumed ??= pending.resumed;
  control.aborted ??= pending.aborted;
}

/** The running stage, as the records know it. */
export const toStageRef = ({ order, progress }: RolloutControl): StageRef => ({
  releaseId: order.releaseId,
  versionId: order.versionId,
  stage: progress.stage,
});

/** Signals the release where its rollout is, for its queries and its page in the Temporal UI. */
export async function notifyRelease(control: RolloutControl, state: RolloutState): Promise<void> {
  control.progress = { ...control.progress, state };
  const parent = workflowInfo().parent;
  if (!parent) return;
  const change = { releaseState: control.releaseState, stage: control.progress };
  await getExternalWorkflowHandle(parent.workflowId).signal(stageChanged, change);
}

/**
 * Pauses until an operator resumes or aborts, and records both (RLO-24), the pause where it is not on record; or until
 * a newer version makes the decision needless. `cause` is the operator who paused, or a sentence when the rollout paused by itself.
 */
export async function pauseUntilResumed(control: RolloutControl, cause: Origin | string): Promise<void> {
  const origin = typeof cause === 'string' ? control.order.origin : cause;
  const text = typeof cause === 'string' ? cause : describeSteering('rollout_paused', cause.actor);
  if (control.releaseState !== 'paused') {
    control.resumed = undefined;
    await recordSteering(control, { kind: 'rollout_paused', text, origin }, 'paused');
  }
  control.progress = { ...control.progress, nextStageAt: undefined };
  await notifyRelease(control, 'paused');
  await awaitSteering(control);
  const by = control.resumed;
  if (!by || control.aborted || control.superseded) return;
  const resumedText = describeSteering('rollout_resumed', by.actor);
  await recordSteering(control, { kind: 'rollout_resumed', text: resumedText, origin: by }, 'rolling_out');
  await notifyRelease(control, 'active');
}

/** Waits for an operator; the pauses between two looks for a newer version grow. */
async function awaitSteering(control: RolloutControl): Promise<void> {
  const isSteered = () => control.resumed !== undefined || control.aborted !== undefined;
  const looked = getSuccessorLooks(control.order.plan.gate);
  for (let looks = 1; !(await condition(isSteered, getBackoffMs(looks, looked))); looks += 1) {
    control.superseded = (await rolloutRecords.supersedeRollout(control.order)) ?? undefined;
    if (control.superseded) return;
  }
}

/** Records what happened to the rollout, once however often it is retried. */
export async function recordEvent(control: RolloutControl, event: RolloutEvent): Promise<void> {
  const sequence = ++control.recordedEvents;
  await rolloutRecords.recordRolloutEvent({ ref: toStageRef(control), ...event, sequence });
}

/** Records that the rollout was paused or resumed, and changes the release's state with it. */
async function recordSteering(control: RolloutControl, event: RolloutEvent, to: ReleaseState): Promise<void> {
  const { releaseId } = control.order;
  await recordEvent(control, event);
  await releaseRecords.changeState({ releaseId, from: control.releaseState, to, ...event.origin });
  control.releaseState = to;
}

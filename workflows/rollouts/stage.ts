import { condition } from '@temporalio/workflow';
import { describeSteering } from '../../core/rollouts/events';
import {
  describeHold,
  describeOperatorNeeded,
  describeVerdict,
  describeWithheld,
  type JudgedStage,
} from '../../core/rollouts/timeline';
import { getEvaluationIntervalMs, judgeStage, type StageVerdict } from '../../core/rollouts/verdict';
import type { RolloutStage } from '../../core/releases/rolloutPlan';
import type { Problem } from '../../core/errors/errors';
import type { Origin } from '../../contracts/audit/origin';
import { notifyRelease, pauseUntilResumed, recordEvent, toStageRef, type RolloutControl } from './control';
import { rolloutRecords } from './effects';

export type StageResult =
  | { outcome: 'next' }
  | { outcome: 'superseded'; problems: Problem[] }
  | { outcome: 'stopped'; reason: string; origin: Origin };

/** Offers the version to one more share of tenants, watches it, and says whether to go on. */
export async function runStage(control: RolloutControl, stage: number): Promise<StageResult> {
  await begin(control, stage);
  return settleStage(control);
}

/** Judges the running stage until there is a verdict, or until it is aborted. */
export async function settleStage(control: RolloutControl): Promise<StageResult> {
  for (let holds = 0; ;) {
    if (control.superseded) return { outcome: 'superseded', problems: control.superseded };
    if (control.aborted) return abortStage(control, control.aborted);
    const judged = await judge(control);
    const { judgement } = judged;
    if (control.aborted) continue;
    if (isStandingStill(judged)) await pauseUntilResumed(control, describeWithheld(judged));
    else if (judgement === 'second_opinion') await awaitOpinion(control, judged);
    else if (judgement === 'inconclusive') await hold(control, judged, (holds += 1));
    else return conclude(control, judged, judgement);
  }
}

const planned = ({ order, progress }: RolloutControl): RolloutStage => order.plan.stages[progress.stage - 1]!;

/** Waits for the stage's own start time, then makes the offer and watches it for its duration. */
async function begin(control: RolloutControl, stage: number): Promise<void> {
  control.progress = { ...control.progress, stage, nextStageAt: undefined };
  const { startAt, basisPoints } = planned(control);
  if (startAt) await waitUntil(control, Date.parse(startAt));
  if (control.paused) await pauseUntilResumed(control, control.paused);
  if (control.aborted || control.superseded) return;
  const { startedAt, endsAt, cohort } = await rolloutRecords.startStage({ order: control.order, stage });
  control.progress = { ...control.progress, basisPoints, startedAt, nextStageAt: endsAt };
  await notifyRelease(control, 'active');
  // Nobody to watch: the offer stands, and the next stage need not wait for silence. The subscribers of a first
  // version are still to come.
  if (cohort > 0 || control.order.previousVersion === null) {
    await watch(control, Date.parse(endsAt) - Date.now());
  }
}

const waitUntil = async (control: RolloutControl, time: number): Promise<void> => {
  if (time > Date.now()) await condition(() => control.aborted !== undefined, time - Date.now());
};

/** Waits until an operator steers or an evaluation is requested, at most so long. */
async function waitForEvent(control: RolloutControl, atMostMs: number): Promise<void> {
  const isSteered = () => control.paused !== undefined || control.aborted !== undefined;
  await condition(() => control.evaluationRequested || isSteered(), atMostMs);
  control.evaluationRequested = false;
}

/**
 * Lets the stage's time pass; it does not pass while the rollout is paused. Failures are evaluated when
 * reports condemn the stage, and at intervals in case nobody could signal that.
 */
async function watch(control: RolloutControl, durationMs: number): Promise<void> {
  const intervalMs = getEvaluationIntervalMs(planned(control), control.order.plan.gate);
  let leftMs = durationMs;
  let nextMs = intervalMs;
  while (leftMs > 0 && !control.aborted && !control.superseded) {
    const from = Date.now();
    await waitForEvent(control, Math.min(nextMs, leftMs));
    leftMs -= Date.now() - from;
    if (control.paused) await pauseWatch(control, control.paused, leftMs);
    if (isSuperseded(control)) return;
    const judged = await judge(control);
    if (judged.judgement === 'fail') return;
    const cause = findPauseCause(judged);
    if (cause && !control.aborted) await pauseWatch(control, cause, leftMs);
    nextMs = Math.min(intervalMs, untilTurnEnds(judged) ?? intervalMs);
  }
}

const isSuperseded = ({ superseded }: RolloutControl): boolean => superseded !== undefined;

/** Pauses a stage that is being watched; it keeps the time that it had left. */
async function pauseWatch(control: RolloutControl, cause: Origin | string, leftMs: number): Promise<void> {
  if (control.aborted) return;
  await pauseUntilResumed(control, cause);
  if (control.superseded) return;
  control.progress = { ...control.progress, nextStageAt: new Date(Date.now() + leftMs).toISOString() };
}

/** Whether the version is withheld, by what is on record: the command to pause may have been lost. A failure counts. */
const isStandingStill = ({ judgement, evidence }: JudgedStage): boolean =>
  evidence.isWithheld === true && judgement !== 'fail';

/** Why a rollout that is watched pauses by itself; undefined while it need not. */
function findPauseCause(judged: JudgedStage): string | undefined {
  if (isStandingStill(judged)) return describeWithheld(judged);
  return isUnanswerable(judged) ? describeOperatorNeeded(judged) : undefined;
}

/** Whether one of few failed and nobody is left to give a second opinion. */
const isUnanswerable = ({ judgement, evidence }: JudgedStage): boolean =>
  judgement === 'second_opinion' && evidence.opinion?.state === 'exhausted';

/** How long those who were asked for a second opinion may still take, in milliseconds. */
const untilTurnEnds = ({ evidence: { opinion } }: JudgedStage): number | undefined =>
  opinion?.until === undefined ? undefined : Math.max(1_000, Date.parse(opinion.until) - Date.now());

/** Waits for whoever was asked; when nobody is left, an operator decides. */
async function awaitOpinion(control: RolloutControl, judged: JudgedStage): Promise<void> {
  if (isUnanswerable(judged)) return pauseUntilResumed(control, describeOperatorNeeded(judged));
  await waitWhileSteered(control, untilTurnEnds(judged) ?? control.order.plan.gate.holdMs);
}

async function judge(control: RolloutControl): Promise<JudgedStage> {
  const evidence = await rolloutRecords.evaluateStage(toStageRef(control));
  const judgement = judgeStage(evidence, control.order.plan.gate);
  return { stage: control.progress.stage, judgement, evidence };
}

/** Waits for more evidence; after the last hold an operator is asked instead. */
async function hold(control: RolloutControl, judged: JudgedStage, holds: number): Promise<void> {
  const { gate } = control.order.plan;
  if (holds > gate.maxHolds) return pauseUntilResumed(control, describeOperatorNeeded(judged));
  const { origin } = control.order;
  await recordEvent(control, { kind: 'stage_held', text: describeHold(judged), origin });
  await waitWhileSteered(control, Math.min(gate.holdMs, Math.max(1_000, planned(control).durationMs)));
}

async function waitWhileSteered(control: RolloutControl, atMostMs: number): Promise<void> {
  await waitForEvent(control, atMostMs);
  if (control.paused) await pauseUntilResumed(control, control.paused);
}

async function conclude(
  control: RolloutControl,
  judged: JudgedStage,
  verdict: StageVerdict,
): Promise<StageResult> {
  const text = describeVerdict({ ...judged, judgement: verdict });
  await rolloutRecords.endStage({ ref: toStageRef(control), verdict, text });
  return verdict === 'fail'
    ? { outcome: 'stopped', reason: text, origin: control.order.origin }
    : { outcome: 'next' };
}

async function abortStage(control: RolloutControl, origin: Origin): Promise<StageResult> {
  const reason = describeSteering('rollout_aborted', origin.actor);
  await recordEvent(control, { kind: 'rollout_aborted', text: reason, origin });
  return { outcome: 'stopped', reason, origin };
}

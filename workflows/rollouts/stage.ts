import { condition } from '@temporalio/workflow';
import {
  describeVerdict,
  isFailing,
  judgeStage,
  lookEveryMs,
  type StageEvidence,
  type StageVerdict,
} from '../../core/rollouts/verdict';
import type { Origin } from '../../contracts/workflowMessages';
import type { StageRef } from '../../activities/types';
import { records } from '../effects';
import { standStill, tell, type Wheel } from './control';

export type StageResult = { outcome: 'next' } | { outcome: 'stopped'; reason: string; origin: Origin };

type Judged = { verdict: StageVerdict; evidence: StageEvidence };

/** Offers the version to one more share of tenants, watches it, and says whether to go on. */
export async function runStage(wheel: Wheel, stage: number): Promise<StageResult> {
  await begin(wheel, stage);
  const ref = refOf(wheel);
  for (let holds = 0; ; holds += 1) {
    if (wheel.aborted) return aborted(wheel, wheel.aborted);
    const judged = await records.readEvidence(ref).then((evidence) => judge(wheel, evidence));
    if (judged.verdict === 'inconclusive' && !wheel.aborted) {
      await hold(wheel, judged, holds);
      continue;
    }
    return conclude(wheel, judged);
  }
}

const refOf = ({ order, view }: Wheel): StageRef => ({
  releaseId: order.releaseId,
  versionId: order.versionId,
  stage: view.stage,
});

const planned = ({ order, view }: Wheel) => order.plan.stages[view.stage - 1]!;

/** Waits for the stage's own start time, then makes the offer and watches it for its duration. */
async function begin(wheel: Wheel, stage: number): Promise<void> {
  wheel.view = { ...wheel.view, stage, nextStageAt: undefined };
  const { startAt, basisPoints, durationMs } = planned(wheel);
  if (startAt) await waitUntil(wheel, Date.parse(startAt));
  if (wheel.paused) await standStill(wheel, wheel.paused);
  if (wheel.aborted) return;
  const started = await records.startStage({ order: wheel.order, stage });
  wheel.view = { ...wheel.view, basisPoints, startedAt: started.startedAt, nextStageAt: started.endsAt };
  await tell(wheel, 'active');
  // Nobody to watch: the offer stands, and the next stage need not wait for silence.
  if (started.cohort > 0) await watch(wheel, durationMs);
}

const waitUntil = async (wheel: Wheel, time: number): Promise<void> => {
  if (time > Date.now()) await condition(() => wheel.aborted !== undefined, time - Date.now());
};

const isSteered = ({ paused, aborted }: Wheel): boolean => paused !== undefined || aborted !== undefined;

/**
 * Lets the stage's time pass. The clock stands still while the rollout is paused. Failures are looked
 * for when reports condemn the stage, and every now and then in case nobody could say so.
 */
async function watch(wheel: Wheel, durationMs: number): Promise<void> {
  const every = lookEveryMs(planned(wheel), wheel.order.plan.gate);
  let left = durationMs;
  while (left > 0 && !wheel.aborted) {
    const from = Date.now();
    await condition(() => wheel.hasNews || isSteered(wheel), Math.min(every, left));
    wheel.hasNews = false;
    left -= Date.now() - from;
    if (wheel.paused && !wheel.aborted) {
      await standStill(wheel, wheel.paused);
      wheel.view = { ...wheel.view, nextStageAt: new Date(Date.now() + left).toISOString() };
    }
    if (isFailing(await records.readEvidence(refOf(wheel)), wheel.order.plan.gate)) return;
  }
}

const judge = (wheel: Wheel, evidence: StageEvidence): Judged => ({
  evidence,
  verdict: judgeStage(evidence, wheel.order.plan.gate),
});

/** Waits for more evidence; after the last hold people are asked instead. */
async function hold(wheel: Wheel, { evidence, verdict }: Judged, holds: number): Promise<void> {
  const { gate } = wheel.order.plan;
  const text = `Stage ${wheel.view.stage} ${describeVerdict(verdict, evidence)}`;
  if (holds >= gate.maxHolds) return standStill(wheel, `${text}; the rollout waits for an operator.`);
  const origin = wheel.order.origin;
  await records.noteSteering({
    ref: refOf(wheel),
    kind: 'stage_held',
    text: `${text}; it is held.`,
    origin,
    turn: ++wheel.turns,
  });
  const holdMs = Math.min(gate.holdMs, Math.max(1_000, planned(wheel).durationMs));
  await condition(() => wheel.hasNews || isSteered(wheel), holdMs);
  wheel.hasNews = false;
  if (wheel.paused) await standStill(wheel, wheel.paused);
}

async function conclude(wheel: Wheel, { verdict, evidence }: Judged): Promise<StageResult> {
  const text = `Stage ${wheel.view.stage} ${describeVerdict(verdict, evidence)}.`;
  await records.endStage({ ref: refOf(wheel), verdict, text });
  return verdict === 'fail'
    ? { outcome: 'stopped', reason: text, origin: wheel.order.origin }
    : { outcome: 'next' };
}

async function aborted(wheel: Wheel, origin: Origin): Promise<StageResult> {
  const reason = `${origin.actor} aborted the rollout.`;
  await records.noteSteering({
    ref: refOf(wheel),
    kind: 'rollout_aborted',
    text: reason,
    origin,
    turn: ++wheel.turns,
  });
  return { outcome: 'stopped', reason, origin };
}

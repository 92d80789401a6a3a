import type { Knex } from 'knex';
import type { RolloutOrder } from '../../../contracts/rollouts/messages';
import type { Problem } from '../../../core/errors/errors';
import type { TimelineEntry } from '../../../core/releases/timeline';
import {
  checkCompletion,
  checkStageEnd,
  checkStageStart,
  isReconsidered,
  type RolloutFacts,
} from '../../../core/rollouts/gates';
import type { StageVerdict } from '../../../core/rollouts/verdict';
import { refuseWithAlert } from '../releases/alerts';
import { readRelease, type ReleaseRecord } from '../releases/record';
import { findWithholding } from '../releases/restrictions';
import { inTransaction } from '../transaction';
import { readEvidence } from './evidence';
import { readPausedMs } from './standing';
import {
  completeRollout,
  endStage,
  findRecordedPlan,
  startStage,
  type RecordedOrder,
  type StageRow,
} from './rollouts';
import { sendTroubleDigest } from './troubleNews';

/**
 * The steps of a rollout that lead on, each in one transaction with the records that prove it. Ids, plan and
 * salt are those on record; of the order that a workflow carries, the plan is compared and the origin noted.
 */

/** Begins a stage; one that has begun keeps its time, which does not pass while it is paused. @throws Refusal EVIDENCE_MISSING */
export const startPlannedStage = (
  knex: Knex,
  order: RolloutOrder,
  stage: number,
  now: Date,
): Promise<StageRow> =>
  withEvidence(
    knex,
    { releaseId: order.releaseId, step: `start:${stage}`, now },
    async (trx, release, facts) => {
      const hasBegun = facts.stages.some((each) => each.stage === stage);
      const problems = hasBegun ? [] : checkStageStart(facts, { stage, plan: order.plan });
      if (problems.length > 0) return { problems };
      const begun = await startStage(trx, toRecordedOrder(release, order), stage, now);
      const pausedMs = await readPausedMs(trx, order.releaseId, begun.startedAt, now);
      return { result: { ...begun, endsAt: new Date(begun.endsAt.getTime() + pausedMs) } };
    },
  );

/** Ends a stage with its verdict. @throws Refusal EVIDENCE_MISSING */
export const endJudgedStage = (
  knex: Knex,
  ended: { releaseId: string; stage: number; verdict: StageVerdict; entry: TimelineEntry },
  now: Date,
): Promise<void> =>
  withEvidence(
    knex,
    { releaseId: ended.releaseId, step: `end:${ended.stage}`, now },
    async (trx, release, facts) => {
      const { versionId } = release;
      const evidence = await readEvidence(trx, { versionId, stage: ended.stage });
      const problems = checkStageEnd(facts, { ...ended, evidence }, now);
      if (problems.length > 0) return { problems };
      await endStage(trx, { ...ended, versionId }, now);
      return { result: await sendTroubleDigest(trx, release, ended.stage, now) };
    },
  );

/**
 * Offers the version to everyone; false where failures were reported since the last stage was judged.
 * @throws Refusal EVIDENCE_MISSING
 */
export const completePassedRollout = (knex: Knex, order: RolloutOrder, now: Date): Promise<boolean> =>
  withEvidence(knex, { releaseId: order.releaseId, step: 'complete', now }, async (trx, release, facts) => {
    const { versionId } = release;
    // Reports that arrive now are counted before this, or find the rollout completed.
    await trx('rollout_stages').where({ version_id: versionId }).forUpdate().select('stage');
    const evidence = await readEvidence(trx, { versionId, stage: facts.plan?.stages.length ?? 0 });
    const problems = checkCompletion(facts, evidence);
    if (problems.length > 0) return { problems };
    if (isReconsidered(facts, evidence)) return { result: false };
    await completeRollout(trx, toRecordedOrder(release, order), now);
    return { result: true };
  });

type Step<T> = { problems: Problem[] } | { result: T };

async function withEvidence<T>(
  knex: Knex,
  { releaseId, step, now }: { releaseId: string; step: string; now: Date },
  work: (trx: Knex.Transaction, release: ReleaseRecord, facts: RolloutFacts) => Promise<Step<T>>,
): Promise<T> {
  const { release, done } = await inTransaction(knex, async (trx) => {
    const record = await readRelease(trx, releaseId);
    return { release: record, done: await work(trx, record, await readFacts(trx, record)) };
  });
  if ('result' in done) return done.result;
  return refuseWithAlert(knex, { ...release, step }, done.problems, now);
}

async function readFacts(trx: Knex, release: ReleaseRecord): Promise<RolloutFacts> {
  const { versionId, state, listedAt, withdrawnAt, plan, previousVersion } = release;
  const stages = await trx('rollout_stages')
    .where({ version_id: versionId })
    .select({ stage: 'stage', verdict: 'verdict', startedAt: 'started_at' });
  return {
    ...{ versionId, state, plan, stages },
    isListed: listedAt !== null && withdrawnAt === null,
    isWithheld: (await findWithholding(trx, release)) !== undefined,
    isFirstVersion: previousVersion === null,
  };
}

function toRecordedOrder(release: ReleaseRecord, { origin }: RolloutOrder): RecordedOrder {
  const { releaseId, versionId, pluginId, version, channel, previousVersion } = release;
  const recorded = findRecordedPlan(release);
  if (!recorded) throw new Error(`The rollout of ${versionId} was begun without a plan.`);
  return { releaseId, versionId, pluginId, version, channel, origin, previousVersion, ...recorded };
}

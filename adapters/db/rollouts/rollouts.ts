import type { Knex } from 'knex';
import { restrictedColumns, type Restriction } from '../releases/restrictions';
import type { RolloutOrder } from '../../../contracts/rollouts/messages';
import type { OfferRule } from '../../../core/rollouts/cohort';
import type { TimelineEntry } from '../../../core/releases/timeline';
import type { RolloutPlan, RolloutState } from '../../../core/releases/rolloutPlan';
import type { StageVerdict } from '../../../core/rollouts/verdict';
import { describeStageStart } from '../../../core/rollouts/timeline';
import { writeAudit } from '../audit/audit';
import { countCohort } from './cohortSize';
import { appendFeed } from './feed';
import type { ReleaseRecord } from '../releases/record';
import { writeTimeline } from '../releases/timeline';
import { inTransaction } from '../transaction';

export interface StageRow {
  startedAt: Date;
  endsAt: Date;
  cohort: number;
}

/** What is on record of how a version is rolled out: the plan, and the salt that orders its tenants. */
export interface RecordedPlan {
  plan: RolloutPlan;
  salt: string;
}

/** What is on record of it; undefined before it was planned. */
export const findRecordedPlan = ({
  plan,
  salt,
}: Pick<ReleaseRecord, 'plan' | 'salt'>): RecordedPlan | undefined =>
  plan && salt !== null ? { plan, salt } : undefined;

/** The order of a rollout with its salt. */
export type RecordedOrder = RolloutOrder & RecordedPlan;

/** Whom a stage offers the version to; stage 0 stands for nobody. */
export function toOfferRule({ salt, plan }: RecordedPlan, stage: number): OfferRule {
  const basisPoints = plan.stages[stage - 1]?.basisPoints ?? 0;
  return { salt, basisPoints, allow: plan.allow, deny: plan.deny };
}

/**
 * Begins a stage in one transaction: rollout row, stage row, feed row, audit row, timeline entry.
 * A stage that has begun returns its row and changes nothing.
 */
export const startStage = (knex: Knex, order: RecordedOrder, stage: number, now: Date): Promise<StageRow> =>
  inTransaction(knex, async (trx) => {
    const begun = await findStage(trx, order.versionId, stage);
    if (begun) return begun;
    const rule = toOfferRule(order, stage);
    const cohort = await countCohort(trx, order, rule, toOfferRule(order, stage - 1));
    const durationMs = order.plan.stages[stage - 1]?.durationMs ?? 0;
    const row = { startedAt: now, endsAt: new Date(now.getTime() + durationMs), cohort };
    await writeStage(trx, order, stage, row);
    await announceStage(trx, order, stage, row, now);
    return row;
  });

async function findStage(trx: Knex, versionId: string, stage: number): Promise<StageRow | undefined> {
  return trx('rollout_stages')
    .where({ version_id: versionId, stage })
    .first({ startedAt: 'started_at', endsAt: 'ends_at', cohort: 'cohort' });
}

async function writeStage(trx: Knex, order: RecordedOrder, stage: number, row: StageRow): Promise<void> {
  const { basisPoints } = toOfferRule(order, stage);
  const moving = { basis_points: basisPoints, stage, state: 'active', stage_ends_at: row.endsAt };
  await trx('rollouts')
    .insert({
      version_id: order.versionId,
      release_id: order.releaseId,
      plugin_id: order.pluginId,
      salt: order.salt,
      plan: JSON.stringify(order.plan),
      previous_version: order.previousVersion,
      updated_at: row.startedAt,
      ...moving,
    })
    .onConflict('version_id')
    .merge({ ...moving, updated_at: row.startedAt });
  await trx('rollout_stages').insert({
    version_id: order.versionId,
    stage,
    basis_points: basisPoints,
    started_at: row.startedAt,
    ends_at: row.endsAt,
    cohort: row.cohort,
  });
}

async function announceStage(
  trx: Knex.Transaction,
  order: RecordedOrder,
  stage: number,
  row: StageRow,
  now: Date,
): Promise<void> {
  const { releaseId, versionId, previousVersion, origin } = order;
  const rule = toOfferRule(order, stage);
  const key = `offer:${releaseId}:${stage}`;
  await appendFeed(trx, { key, versionId, kind: 'offer', rule, stage, previousVersion }, now);
  const { cohort, endsAt } = row;
  const started = { stage, basisPoints: rule.basisPoints, cohort, endsAt: endsAt.toISOString() };
  const entry = describeStageStart({ ...started, stages: order.plan.stages.length }, origin.actor);
  await writeTimeline(trx, releaseId, entry, now);
  const audit = { key, action: 'rollout.stage', subject: versionId, ...origin };
  await writeAudit(trx, { ...audit, data: started }, now);
}

/** Ends a stage with its verdict and the entry that says so; ended already, it stays as it was. */
export const endStage = (
  knex: Knex,
  ended: { releaseId: string; versionId: string; stage: number; verdict: StageVerdict; entry: TimelineEntry },
  now: Date,
): Promise<void> =>
  inTransaction(knex, async (trx) => {
    const { releaseId, versionId, stage, verdict, entry } = ended;
    await trx('rollout_stages')
      .where({ version_id: versionId, stage })
      .whereNull('ended_at')
      .update({ ended_at: now, verdict });
    await writeTimeline(trx, releaseId, entry, now);
    const { key, actor } = entry;
    const audit = { key: `${key}:${releaseId}`, action: 'rollout.verdict', subject: versionId };
    await writeAudit(trx, { ...audit, actor, requestId: releaseId, data: { stage, verdict } }, now);
  });

/** The version is offered to everyone from now on, without an end (P54). */
export const completeRollout = (knex: Knex, order: RolloutOrder, now: Date): Promise<void> =>
  inTransaction(knex, async (trx) => {
    const { versionId, origin } = order;
    await setRolloutState(trx, versionId, 'completed', now);
    const key = `rollout:${order.releaseId}:completed`;
    await writeAudit(trx, { key, action: 'rollout.complete', subject: versionId, ...origin }, now);
  });

/** Only a running stage has an end that is known. */
export async function setRolloutState(
  trx: Knex,
  versionId: string,
  state: RolloutState,
  now: Date,
): Promise<void> {
  const ends = state === 'active' ? {} : { stage_ends_at: null };
  await trx('rollouts')
    .where({ version_id: versionId })
    .update({ state, updated_at: now, ...ends });
}

/** So many rollouts are read at a time. */
const PAGE = 200;
const BEFORE_ALL = '00000000-0000-0000-0000-000000000000';

/** The rollouts under way of what a restriction is about, every one of them. */
export async function* listRunningRollouts(
  knex: Knex,
  { subjectKind, subjectId }: Pick<Restriction, 'subjectKind' | 'subjectId'>,
): AsyncGenerator<{ releaseId: string; versionId: string }> {
  for (let after = BEFORE_ALL; ;) {
    const page = await knex('releases')
      .join('versions', 'versions.id', 'releases.version_id')
      .join('plugins', 'plugins.id', 'versions.plugin_id')
      .where('releases.state', 'rolling_out')
      .where(restrictedColumns[subjectKind], subjectId)
      .where('releases.id', '>', after)
      .orderBy('releases.id')
      .limit(PAGE)
      .select({ releaseId: 'releases.id', versionId: 'releases.version_id' });
    yield* page;
    if (page.length < PAGE) return;
    after = page.at(-1)!.releaseId;
  }
}

import type { Knex } from 'knex';
import { isOffered } from '../../../core/rollouts/cohort';
import { getTurnMs, type OpinionFacts } from '../../../core/rollouts/secondOpinion';
import { countRows } from '../count';
import type { ReleaseRecord } from '../releases/record';
import { readEvidence } from './evidence';
import { toOfferRule, type RecordedPlan } from './rollouts';

/** A running stage whose version may need a second opinion. */
export interface Asking extends RecordedPlan {
  release: ReleaseRecord;
  stage: number;
}

/** An operator may resume by the clock of another process; clocks differ by this much. */
const CLOCK_TOLERANCE_MS = 1_000;
/** Subscribers that are looked at for the next turn; more would be read only to find that hardly anyone is in the stage. */
const MOST_CANDIDATES = 10_000;

/** What is on record about a second opinion, or about whether one is needed. */
export async function readOpinionFacts(
  trx: Knex.Transaction,
  asking: Asking,
  now: Date,
): Promise<OpinionFacts> {
  const { versionId } = asking.release;
  const evidence = await readEvidence(trx, { versionId, stage: asking.stage });
  const row = await trx('second_opinions').where({ version_id: versionId }).first();
  const isExhausted = row?.state === 'exhausted';
  return {
    evidence,
    installedBefore: row?.installed_before ?? evidence.total.installed,
    turns: row ? await countRows(trx('second_opinion_turns').where({ version_id: versionId })) : 0,
    waitsUntil: row ? await findAwaited(trx, asking, now) : null,
    isResumed: isExhausted && (await isResumedSince(trx, asking.release.releaseId, row.changed_at)),
  };
}

/** Until when the tenant whose turn it is may answer, and whoever was handed the package before and has not answered. */
async function findAwaited(trx: Knex, { release, plan, stage }: Asking, now: Date): Promise<Date | null> {
  const { versionId, pluginId } = release;
  const turnMs = getTurnMs(plan.stages[stage - 1]!, plan.gate);
  const row: { until: Date | null } | undefined = await trx
    .from(
      trx('second_opinion_turns as turns')
        .leftJoin('download_grants as grants', (on) =>
          on.on('grants.version_id', 'turns.version_id').on('grants.tenant_id', 'turns.tenant_id'),
        )
        .where('turns.version_id', versionId)
        .whereNull('grants.result')
        .whereNotExists(inTrouble(trx, 'turns'))
        .select({ until: 'turns.ends_at' })
        .unionAll(
          trx('download_grants as grants')
            .join('subscriptions', (on) => on.on('subscriptions.tenant_id', 'grants.tenant_id'))
            .where({ 'grants.version_id': versionId, 'subscriptions.plugin_id': pluginId })
            .whereNull('grants.result')
            .whereNotExists(inTrouble(trx, 'grants'))
            .select({ until: trx.raw(`grants.granted_at + ? * interval '1 millisecond'`, [turnMs]) }),
        )
        .as('awaited'),
    )
    .where('until', '>', now)
    .max({ until: 'until' })
    .first();
  return row?.until ?? null;
}

/** Whoever is in trouble of its own has said that it cannot answer now, so nobody waits for it. */
const inTrouble = (trx: Knex, asked: 'turns' | 'grants'): Knex.QueryBuilder =>
  trx('install_troubles')
    .whereNotNull('install_troubles.code')
    .whereRaw('install_troubles.version_id = ??.version_id', [asked])
    .whereRaw('install_troubles.tenant_id = ??.tenant_id', [asked])
    .select(trx.raw('1'));

async function isResumedSince(trx: Knex, releaseId: string, since: Date): Promise<boolean> {
  const from = new Date(since.getTime() - CLOCK_TOLERANCE_MS);
  const commands = trx('rollout_commands').where({ release_id: releaseId, action: 'resume' });
  return (await commands.where('taken_at', '>', from).first('id')) !== undefined;
}

/** The tenant whose host failed first, by when its report of a failure arrived. */
export async function findFailed(trx: Knex, versionId: string): Promise<string | null> {
  const arrived = trx('reports')
    .where({ version_id: versionId, kind: 'failed' })
    .whereRaw('reports.tenant_id = download_grants.tenant_id')
    .min('received_at');
  const row = await trx('download_grants')
    .where({ version_id: versionId, result: 'failed' })
    .orderByRaw('(?), tenant_id', [arrived])
    .first('tenant_id');
  return row?.tenant_id ?? null;
}

/**
 * A tenant of the stage that upgrades by itself, does not have the version, is in no trouble, and was not asked before;
 * in an order that neither a tenant nor the publisher can choose, because the salt is part of it.
 */
export async function findCandidate(
  trx: Knex,
  { release, plan, salt, stage }: Asking,
): Promise<string | undefined> {
  const { versionId, pluginId, channel } = release;
  const ofTenant = (table: 'download_grants' | 'second_opinion_turns' | 'install_troubles') =>
    trx(table)
      .where({ version_id: versionId })
      .whereRaw('??.tenant_id = subscriptions.tenant_id', [table])
      .select(trx.raw('1'));
  const candidates = await trx('subscriptions')
    .where({ plugin_id: pluginId, channel, auto_upgrade: true })
    .whereNotExists(ofTenant('download_grants'))
    .whereNotExists(ofTenant('second_opinion_turns'))
    .whereNotExists(ofTenant('install_troubles').whereNotNull('code'))
    .orderByRaw('md5(? || tenant_id)', [salt])
    .limit(MOST_CANDIDATES)
    .pluck('tenant_id');
  const rule = toOfferRule({ salt, plan }, stage);
  return candidates.find((tenantId) => isOffered(rule, tenantId));
}

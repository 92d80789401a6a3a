import type { Knex } from 'knex';
import { limits } from '../../../core/limits';
import type { Subject } from '../../../core/access';
import { forPublisher, type NameFinding } from '../../../core/releases/nameFindings';
import { viewTroubles } from '../../../core/rollouts/troubleNews';
import type { ReleaseView } from '../../../contracts/releases/view';
import type { ScanView } from '../../../contracts/scans/scan';
import type { StageView } from '../../../contracts/rollouts/rollout';
import { readTroubleCounts } from '../rollouts/evidence';
import type { RowOf } from '../tables';
import type { ReleaseRecord } from './record';
import { findRestrictions, viewRestriction } from './restrictions';

type Review = NonNullable<ReleaseView['review']>;

type ReleaseExtras = Pick<RowOf<'plugins'>, 'name'> &
  Pick<RowOf<'versions'>, 'notes'> &
  Pick<RowOf<'releases'>, 'updated_at' | 'problems' | 'name_findings'>;

export const isoOrNull = (moment: Date | null): string | null => moment?.toISOString() ?? null;

/**
 * Everything that is shown of a release: what was submitted, found, decided and rolled out.
 *
 * @param reader what a publisher may not know of the plugins of others is left out
 */
export async function viewRelease(
  knex: Knex,
  release: ReleaseRecord,
  reader: Pick<Subject, 'kind'>,
): Promise<ReleaseView> {
  const { releaseId, versionId } = release;
  // One after the other: a publisher reads in a transaction, whose connection takes one query at a time.
  const extras = await readExtras(knex, releaseId);
  const review = await readReview(knex, releaseId);
  const scans = await readScans(knex, releaseId);
  const rollout = await readRollout(knex, versionId, releaseId);
  const restrictions = await findRestrictions(knex, release);
  return {
    publishId: release.publishId,
    versionId,
    pluginId: release.pluginId,
    version: release.version,
    channel: release.channel,
    publisherId: release.publisherId,
    name: extras.name,
    notes: extras.notes,
    state: release.state,
    submittedAt: release.submittedAt.toISOString(),
    updatedAt: extras.updated_at.toISOString(),
    packageSha256: release.packageSha256,
    packageBytes: release.packageBytes,
    manifestDigest: release.manifestDigest,
    signedBy: release.signedBy,
    permissions: release.manifest.permissions,
    problems: extras.problems,
    review,
    scans,
    rollout,
    nameFindings: showFindings(extras.name_findings, reader),
    restrictions: restrictions.slice(0, limits.details).map(viewRestriction),
  };
}

const showFindings = (findings: readonly NameFinding[], { kind }: Pick<Subject, 'kind'>): NameFinding[] =>
  kind === 'publisher' ? findings.map(forPublisher) : [...findings];

async function readExtras(knex: Knex, releaseId: string): Promise<ReleaseExtras> {
  return knex('releases')
    .join('versions', 'versions.id', 'releases.version_id')
    .join('plugins', 'plugins.id', 'versions.plugin_id')
    .where('releases.id', releaseId)
    .first(
      'plugins.name',
      'versions.notes',
      'releases.updated_at',
      'releases.problems',
      'releases.name_findings',
    );
}

async function readReview(knex: Knex, releaseId: string): Promise<Review | null> {
  const row = await knex('review_queue')
    .where({ release_id: releaseId })
    .first('id', 'state', 'sla_deadline', 'decision', 'reviewer', 'notes');
  if (!row) return null;
  const { id, sla_deadline, ...rest } = row;
  return { reviewQueueId: id, slaDeadline: isoOrNull(sla_deadline), ...rest };
}

async function readScans(knex: Knex, releaseId: string): Promise<ScanView[]> {
  const rows = await knex('scans').where({ release_id: releaseId }).orderBy('started_at').select({
    scanner: 'scanner',
    version: 'scanner_version',
    rulesDigest: 'rules_digest',
    verdict: 'verdict',
    findings: 'findings',
    finishedAt: 'finished_at',
  });
  return rows.map((row) => ({ ...row, finishedAt: row.finishedAt.toISOString() }));
}

/** The rollout with all stages of its plan; one that has not begun has no times and no counters. */
async function readRollout(
  knex: Knex,
  versionId: string,
  releaseId: string,
): Promise<ReleaseView['rollout']> {
  const rollout = await knex('rollouts')
    .where({ version_id: versionId, release_id: releaseId })
    .first('state', 'stage', 'basis_points', 'plan');
  if (!rollout) return null;
  const begun = await knex('rollout_stages').where({ version_id: versionId }).select('*');
  const byStage = new Map(begun.map((row) => [row.stage, row]));
  const stages = rollout.plan.stages.map((planned, index) => {
    const row = byStage.get(index + 1);
    return row ? toStageView(row) : plannedStage(index + 1, planned.basisPoints);
  });
  const troubles = viewTroubles(await readTroubleCounts(knex, versionId));
  return { state: rollout.state, stage: rollout.stage, basisPoints: rollout.basis_points, stages, troubles };
}

const toStageView = (row: RowOf<'rollout_stages'>): StageView => ({
  stage: row.stage,
  basisPoints: row.basis_points,
  startedAt: row.started_at.toISOString(),
  endsAt: row.ends_at.toISOString(),
  endedAt: isoOrNull(row.ended_at),
  verdict: row.verdict,
  cohort: row.cohort,
  installed: row.installed,
  failed: row.failed,
  rolledBack: row.rolled_back,
});

const plannedStage = (stage: number, basisPoints: number): StageView => ({
  stage,
  basisPoints,
  startedAt: null,
  endsAt: null,
  endedAt: null,
  verdict: null,
  cohort: 0,
  installed: 0,
  failed: 0,
  rolledBack: 0,
});

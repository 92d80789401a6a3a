import type { Knex } from 'knex';
import type { InstallCounters, StageEvidence } from '../../../core/rollouts/verdict';

const none: InstallCounters = { installed: 0, failed: 0, rolledBack: 0 };

const add = (a: InstallCounters, b: InstallCounters): InstallCounters => ({
  installed: a.installed + b.installed,
  failed: a.failed + b.failed,
  rolledBack: a.rolledBack + b.rolledBack,
});

/**
 * What hosts have reported of a stage and of all stages so far, as many rows as there are stages, and where the second
 * opinion on the version stands.
 */
export async function readEvidence(
  knex: Knex,
  ref: { versionId: string; stage: number },
): Promise<StageEvidence> {
  const rows = await knex('rollout_stages').where({ version_id: ref.versionId }).select({
    stage: 'stage',
    cohort: 'cohort',
    installed: 'installed',
    failed: 'failed',
    rolledBack: 'rolled_back',
  });
  const opinion = await knex('second_opinions').where({ version_id: ref.versionId }).first('state');
  const own = rows.find((row) => row.stage === ref.stage);
  const { installed, failed, rolledBack } = own ?? none;
  return {
    cohort: own?.cohort ?? 0,
    totalCohort: rows.reduce((sum, { cohort }) => sum + cohort, 0),
    stage: { installed, failed, rolledBack },
    total: rows.reduce<InstallCounters>(add, none),
    ...(opinion ? { opinion } : {}),
  };
}

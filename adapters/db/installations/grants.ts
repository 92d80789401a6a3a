import type { Knex } from 'knex';
import type { Counted } from '../../../core/installations/results';
import { inTenant } from '../transaction';

/** A package that a tenant was handed. */
export interface DownloadGrant {
  versionId: string;
  packageSha256: string;
  /** The stage that was running; the tenant's result counts in it. */
  stage: number;
}

/** Remembers that a tenant was handed a package. The first time counts: a later download changes nothing. */
export const recordGrant = (
  knex: Knex,
  tenantId: string,
  { versionId, packageSha256, stage }: DownloadGrant,
  now: Date,
): Promise<void> =>
  inTenant(knex, tenantId, async (trx) => {
    await trx('download_grants')
      .insert({
        ...{ tenant_id: tenantId, version_id: versionId, package_sha256: packageSha256 },
        ...{ stage, granted_at: now },
      })
      .onConflict(['tenant_id', 'version_id'])
      .ignore();
  });

/** Keeps what counts of the tenant's reports on a version, which nobody has told its rollout yet. */
export async function keepCounted(
  trx: Knex.Transaction,
  versionId: string,
  { result, returned }: Counted,
): Promise<void> {
  await trx('download_grants').where({ version_id: versionId }).update({ result, returned, told: false });
}

/** Remembers that the rollout was woken by what counts of a tenant's reports, so that repeating them wakes it no more. */
export const markTold = (knex: Knex, tenantId: string, versionId: string): Promise<void> =>
  inTenant(knex, tenantId, async (trx) => {
    await trx('download_grants').where({ version_id: versionId }).update({ told: true });
  });

import type { Knex } from 'knex';
import { inTenant } from '../transaction';

/** Which of some versions a tenant was handed already: an offer that is narrowed to others takes none of them away. */
export async function findHanded(
  knex: Knex,
  tenantId: string,
  versionIds: readonly string[],
): Promise<ReadonlySet<string>> {
  if (versionIds.length === 0) return new Set();
  const found = await inTenant(knex, tenantId, (trx) =>
    trx('download_grants').whereIn('version_id', versionIds).pluck('version_id'),
  );
  return new Set(found);
}

import type { Knex } from 'knex';
import type { RowOf } from '../tables';
import { inTenant } from '../transaction';

/** The grants of the tenant whose transaction this is, by version. */
export async function findGrants(
  trx: Knex.Transaction,
  versionIds: readonly string[],
): Promise<ReadonlyMap<string, RowOf<'download_grants'>>> {
  if (versionIds.length === 0) return new Map();
  const rows = await trx('download_grants').whereIn('version_id', versionIds).select('*');
  return new Map(rows.map((row) => [row.version_id, row]));
}

/** Which of some versions a tenant was handed already: an offer that is narrowed to others takes none of them away. */
export const findHanded = async (
  knex: Knex,
  tenantId: string,
  versionIds: readonly string[],
): Promise<{ has(versionId: string): boolean }> =>
  versionIds.length === 0 ? new Set() : inTenant(knex, tenantId, (trx) => findGrants(trx, versionIds));

import type { Knex } from 'knex';
import type { InstallationList } from '../../../contracts/installations/installations';

/**
 * Rows of the tenant whose transaction this is: the queries name no tenant, because the database
 * shows no other one's rows in it.
 */
export async function listInstallations(trx: Knex.Transaction): Promise<InstallationList['installations']> {
  const rows = await trx('installations')
    .orderBy('plugin_id')
    .select({ pluginId: 'plugin_id', version: 'version', state: 'state', updatedAt: 'updated_at' });
  return rows.map((row) => ({ ...row, updatedAt: row.updatedAt.toISOString() }));
}

import type { Knex } from 'knex';
import { refusal } from '../../../core/errors/errors';

/** The key by which signed rules name a tenant. @throws Refusal NOT_FOUND */
export async function readTrustKey(knex: Knex, tenantId: string): Promise<string> {
  const row = await knex('tenants').where({ id: tenantId }).first('trust_key');
  if (!row) throw refusal('NOT_FOUND', `There is no tenant ${tenantId}.`);
  return row.trust_key;
}

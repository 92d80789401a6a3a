import type { Knex } from 'knex';
import { registerIdentity } from '../../../adapters/db/identity/identities';
import { registerKey } from '../../../adapters/db/identity/keys';
import { putSubscription } from '../../../adapters/db/notifications/subscriptions';
import { createFingerprint } from './digests';
import { origin, TODAY } from './submission';

/** Registers a publisher with a key by the publisher's name; returns its first token. */
export async function addPublisher(knex: Knex, id = 'acme'): Promise<string> {
  const { token } = await registerIdentity(knex, { kind: 'publisher', id, name: id }, origin, new Date());
  await addKey(knex, id, id);
  return token ?? '';
}

/** Registers a key, known by its name, to a publisher. */
export async function addKey(knex: Knex, publisherId: string, name: string): Promise<void> {
  const fingerprint = createFingerprint(name);
  const key = { publisherId, fingerprint, armored: `key of ${name}`, expiresAt: null, approvedBy: 'test' };
  await registerKey(knex, key, origin, TODAY);
}

/** Registers tenants; returns their first tokens by id. */
export async function addTenants(knex: Knex, ids: readonly string[]): Promise<Map<string, string>> {
  const tokens = new Map<string, string>();
  for (const id of ids) {
    const { token } = await registerIdentity(knex, { kind: 'tenant', id, name: id }, origin, new Date());
    tokens.set(id, token ?? '');
  }
  return tokens;
}

/** Subscribes tenants to a plugin's stable channel. */
export async function subscribe(
  knex: Knex,
  tenantIds: readonly string[],
  pluginId = 'demo-plugin',
  autoUpgrade = true,
): Promise<void> {
  for (const id of tenantIds) {
    await putSubscription(knex, id, pluginId, { channel: 'stable', autoUpgrade }, TODAY);
  }
}

import type { Knex } from 'knex';
import type { Subscription } from '../../../contracts/notifications/subscriptions';
import { inTenant } from '../transaction';

/** Subscribes a tenant to a plugin's channel, or changes its subscription. */
export const putSubscription = (
  knex: Knex,
  tenantId: string,
  pluginId: string,
  { channel, autoUpgrade }: Subscription,
  now: Date,
): Promise<void> =>
  inTenant(knex, tenantId, async (trx) => {
    const row = { channel, auto_upgrade: autoUpgrade, updated_at: now };
    await trx('subscriptions')
      .insert({ tenant_id: tenantId, plugin_id: pluginId, ...row })
      .onConflict(['tenant_id', 'plugin_id'])
      .merge(row);
  });

/** Ends a subscription; none is fine. */
export const removeSubscription = (knex: Knex, tenantId: string, pluginId: string): Promise<void> =>
  inTenant(knex, tenantId, async (trx) => {
    await trx('subscriptions').where({ plugin_id: pluginId }).delete();
  });

import type { Knex } from 'knex';
import type { Subscription, SubscriptionList } from '../../../contracts/notifications/subscriptions';
import { refusal } from '../../../core/errors/errors';
import { limits } from '../../../core/limits';
import { countRows } from '../count';
import { inTenant } from '../transaction';

/**
 * Subscribes a tenant to a plugin's channel, or changes its subscription.
 * @throws Refusal SUBSCRIPTIONS_FULL
 */
export const putSubscription = (
  knex: Knex,
  tenantId: string,
  pluginId: string,
  { channel, autoUpgrade }: Subscription,
  now: Date,
): Promise<void> =>
  inTenant(knex, tenantId, async (trx) => {
    await refuseFull(trx, tenantId, pluginId);
    const row = { channel, auto_upgrade: autoUpgrade, updated_at: now };
    await trx('subscriptions')
      .insert({ tenant_id: tenantId, plugin_id: pluginId, ...row })
      .onConflict(['tenant_id', 'plugin_id'])
      .merge(row);
  });

/** Whether anybody ever published under the id, or announced it. */
export async function isPluginKnown(knex: Knex, pluginId: string): Promise<boolean> {
  return (await knex('plugins').where({ id: pluginId }).first('id')) !== undefined;
}

/** Two additions of one tenant take turns, so that both are counted. */
async function refuseFull(trx: Knex.Transaction, tenantId: string, pluginId: string): Promise<void> {
  await trx.raw('select pg_advisory_xact_lock(hashtextextended(?, 0))', [`subscriptions:${tenantId}`]);
  const others = await countRows(trx('subscriptions').whereNot({ plugin_id: pluginId }));
  if (others < limits.subscriptions) return;
  throw refusal('SUBSCRIPTIONS_FULL', `${tenantId} has ${others} subscriptions beside ${pluginId}.`);
}

/** Ends a subscription; none is fine. */
export const removeSubscription = (knex: Knex, tenantId: string, pluginId: string): Promise<void> =>
  inTenant(knex, tenantId, async (trx) => {
    await trx('subscriptions').where({ plugin_id: pluginId }).delete();
  });

/** Ends all subscriptions to a plugin: whoever subscribed to it chose the publisher that had it. */
export async function endSubscriptions(trx: Knex, pluginId: string): Promise<void> {
  await trx('subscriptions').where({ plugin_id: pluginId }).delete();
}

/** Subscriptions of the tenant whose transaction this is: the database shows no other one's rows in it. */
export async function listSubscriptions(trx: Knex.Transaction): Promise<SubscriptionList['subscriptions']> {
  return trx('subscriptions')
    .orderBy('plugin_id')
    .select({ pluginId: 'plugin_id', channel: 'channel', autoUpgrade: 'auto_upgrade' });
}

import type { Knex } from 'knex';
import type { Channel } from '../../../contracts/plugin';
import type { MessageBody } from './tables';

/** A slice of an audience that was put into the outbox; `last` is where the next slice goes on. */
export interface QueuedSlice {
  count: number;
  last: string | undefined;
}

/** One message to everyone of a slice: same body, a key each. */
export interface Broadcast {
  releaseId: string;
  /** The occasion; with the tenant's id it makes the key. */
  occasion: string;
  body: MessageBody;
  /** Tenant id after which the slice begins. */
  after: string;
  limit: number;
}

/**
 * Queues a message for a slice of the plugin's subscribers, in the order of their ids. The database
 * fills the outbox itself, so that a million rows never travel. Each reads whether their host
 * upgrades by itself (NTF-02).
 */
export const queueForSubscribers = (
  knex: Knex,
  audience: { pluginId: string; channel: Channel },
  broadcast: Broadcast,
  now: Date,
): Promise<QueuedSlice> =>
  queueSlice(
    knex,
    knex('subscriptions')
      .where({ plugin_id: audience.pluginId, channel: audience.channel })
      .where('tenant_id', '>', broadcast.after)
      .orderBy('tenant_id')
      .limit(broadcast.limit)
      .select('tenant_id', {
        extra: knex.raw(
          `jsonb_build_object('upgrade', case when auto_upgrade then 'automatic' else 'manual' end)`,
        ),
      }),
    broadcast,
    now,
  );

/** Queues the body for every tenant of a slice: rows of `tenant_id` and `extra`, which is merged into the body. */
export async function queueSlice(
  knex: Knex,
  slice: Knex.QueryBuilder,
  { releaseId, occasion, body }: Broadcast,
  now: Date,
): Promise<QueuedSlice> {
  const { rows } = await knex.raw<{ rows: { count: number; last: string | null }[] }>(
    `with slice as (?), queued as (
       insert into outbox (key, recipient_kind, recipient_id, release_id, body, created_at)
       select ? || ':' || ? || ':' || tenant_id, 'tenant', tenant_id, ?::uuid, ?::jsonb || extra, ?::timestamptz
       from slice on conflict (key) do nothing)
     select count(*)::int as count, max(tenant_id) as last from slice`,
    [slice, occasion, releaseId, releaseId, JSON.stringify(body), now],
  );
  return { count: rows[0]?.count ?? 0, last: rows[0]?.last ?? undefined };
}

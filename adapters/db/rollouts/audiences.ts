import type { Knex } from 'knex';
import { queueSlice, type Broadcast, type QueuedSlice } from '../notifications/audience';
import { outboxKey } from '../notifications/outbox';

/** Queues a message for a slice of the tenants that ever reported something of the version. */
export const queueForReporters = (
  knex: Knex,
  versionId: string,
  broadcast: Broadcast,
  now: Date,
): Promise<QueuedSlice> =>
  queueSlice(
    knex,
    knex('reports')
      .where({ version_id: versionId })
      .where('tenant_id', '>', broadcast.after)
      .distinct('tenant_id')
      .select({ extra: knex.raw(`'{}'::jsonb`) })
      .orderBy('tenant_id')
      .limit(broadcast.limit),
    broadcast,
    now,
  );

/**
 * Tells a tenant what the publisher was told on an occasion before the tenant belonged to its audience,
 * such as a rollback while a host was still installing. Once at most; nothing where nobody was told.
 */
export async function queueForLateReporter(
  trx: Knex,
  { releaseId, occasion, tenantId }: { releaseId: string; occasion: string; tenantId: string },
  now: Date,
): Promise<void> {
  const key = outboxKey(occasion, releaseId, tenantId);
  const told = outboxKey(occasion, releaseId, 'publisher');
  await trx.raw(
    `insert into outbox (key, recipient_kind, recipient_id, release_id, body, created_at)
     select :key, 'tenant', :tenantId, release_id, body, :now from outbox where key = :told
     on conflict (key) do nothing`,
    { key, told, tenantId, now },
  );
}

import type { Knex } from 'knex';

/** Tables whose old rows go, with the time that they are counted from. They grow in the order of that time. */
const aging: [table: string, column: string][] = [
  ['outbox', 'delivered_at'],
  ['notifications', 'created_at'],
  ['reports', 'received_at'],
  ['audit', 'at'],
];

/**
 * The worker deletes what has been kept long enough (core/operations/retention.ts). Audit rows younger than
 * 180 days it cannot delete, whatever its code says.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw('grant delete on outbox, notifications, reports, audit, api_keys to spillway_worker');
  await knex.raw('grant select on api_keys to spillway_worker');
  await knex.raw(
    `create policy kept_180_days on audit as restrictive for delete to spillway_worker
     using (at < now() - interval '180 days')`,
  );
  for (const [table, column] of aging) {
    await knex.raw('create index ?? on ?? using brin (??)', [`${table}_age`, table, column]);
  }
}

export async function down(knex: Knex): Promise<void> {
  for (const [table] of aging.toReversed()) await knex.raw('drop index ??', [`${table}_age`]);
  await knex.raw('drop policy kept_180_days on audit');
  await knex.raw('revoke select on api_keys from spillway_worker');
  await knex.raw('revoke delete on outbox, notifications, reports, audit, api_keys from spillway_worker');
}

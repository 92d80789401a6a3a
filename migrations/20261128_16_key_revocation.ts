import type { Knex } from 'knex';

const timelineKinds = [
  ...['state', 'upload_verified', 'scan', 'scan_held', 'compatibility', 'review_opened', 'review_info'],
  ...['sla', 'decision', 'notified', 'rollout_planned', 'stage_started', 'stage_verdict', 'stage_held'],
  ...['rollout_paused', 'rollout_resumed', 'rollout_aborted', 'offer_withdrawn', 'install'],
  ...['rolled_back_everywhere', 'alert', 'version_held'],
];

async function allow(knex: Knex, table: string, values: readonly string[]): Promise<void> {
  const list = values.map((value) => `'${value}'`).join(', ');
  await knex.raw('alter table ?? drop constraint ??', [table, `${table}_kind`]);
  await knex.raw(`alter table ?? add constraint ?? check (kind in (${list}))`, [table, `${table}_kind`]);
}

/**
 * Why a key was revoked, what proves that a key belongs to who registers it, and holding what a distrusted key
 * signed. Of the feed the API may write holds only: it can take offers away and make none.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.schema.alterTable('publisher_keys', (table) => {
    table
      .text('revoked_reason')
      .checkIn(['compromised', 'superseded', 'retired', 'unspecified'], 'publisher_keys_revoked_reason');
    table.text('revoked_by');
    table.text('revocation_note');
  });
  await knex.schema.createTable('key_challenges', (table) => {
    table.text('publisher_id').notNullable().references('publishers.id');
    table.text('fingerprint').notNullable();
    /** What is to be signed, once; null after it was. */
    table.text('nonce');
    table.timestamp('nonce_expires_at');
    /** An operator who lets the publisher register the key without another key's signature. */
    table.text('approved_by');
    table.timestamp('approved_until');
    table.timestamp('created_at').notNullable();
    table.primary(['publisher_id', 'fingerprint']);
  });
  await knex.raw(
    `grant update (armored, expires_at, revoked_reason, revoked_by, revocation_note) on publisher_keys to spillway_api`,
  );
  await knex.raw('grant select, insert, update, delete on key_challenges to spillway_api');
  await knex.raw('grant select, delete on key_challenges to spillway_worker');
  await knex.raw('alter table key_challenges enable row level security');
  await knex.raw('alter table key_challenges force row level security');
  await knex.raw(
    'create policy platform on key_challenges to spillway_api, spillway_worker using (true) with check (true)',
  );
  await knex.raw('create index versions_of_key on versions (signed_by) where listed_at is not null');
  await allow(knex, 'timeline', timelineKinds);
  await allow(knex, 'feed', ['offer', 'withdraw', 'hold']);
  await knex.raw('grant insert on feed to spillway_api');
  await knex.raw('grant update (revision) on feed_head to spillway_api');
  await knex.raw(
    `create policy api_only_holds on feed as restrictive for insert to spillway_api with check (kind = 'hold')`,
  );
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('drop policy api_only_holds on feed');
  await knex.raw('revoke update (revision) on feed_head from spillway_api');
  await knex.raw('revoke insert on feed from spillway_api');
  await allow(knex, 'feed', ['offer', 'withdraw']);
  await allow(
    knex,
    'timeline',
    timelineKinds.filter((kind) => kind !== 'version_held'),
  );
  await knex.raw('drop index versions_of_key');
  await knex.schema.dropTable('key_challenges');
  await knex.raw(
    'revoke update (armored, expires_at, revoked_reason, revoked_by, revocation_note) on publisher_keys from spillway_api',
  );
  await knex.schema.alterTable('publisher_keys', (table) => {
    table.dropChecks(['publisher_keys_revoked_reason']);
    table.dropColumns('revoked_reason', 'revoked_by', 'revocation_note');
  });
}

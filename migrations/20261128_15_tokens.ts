import type { Knex } from 'knex';

/**
 * What is known of a token besides its holder: the person who has it, when it was last used, and why and by
 * whom it was ended. The API ends tokens; the worker ends those that it finds in an upload.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.schema.alterTable('api_keys', (table) => {
    /** Null in rows from before: the holder's own id stands for the person. */
    table.text('person');
    /** Written at most once a minute. */
    table.timestamp('last_used_at');
    /** The operator's token of the settings: a new one ends the one before. */
    table.boolean('from_settings').notNullable().defaultTo(false);
    table.text('revoked_reason').checkIn(['revoked', 'rotated', 'leaked'], 'api_keys_revoked_reason');
    table.text('revoked_by');
    table.index(['created_at', 'id'], 'api_keys_newest');
  });
  await knex.raw('alter table api_keys no force row level security');
  await knex('api_keys')
    .where({ subject_kind: 'operator', subject_id: 'admin' })
    .update({ from_settings: true });
  await knex.raw('alter table api_keys force row level security');
  const ending = 'revoked_at, revoked_reason, revoked_by';
  await knex.raw(`grant update (last_used_at, ${ending}) on api_keys to spillway_api`);
  await knex.raw(`grant update (${ending}) on api_keys to spillway_worker`);
}

export async function down(knex: Knex): Promise<void> {
  const ending = 'revoked_at, revoked_reason, revoked_by';
  await knex.raw(`revoke update (${ending}) on api_keys from spillway_worker`);
  await knex.raw(`revoke update (last_used_at, ${ending}) on api_keys from spillway_api`);
  await knex.schema.alterTable('api_keys', (table) => {
    table.dropIndex(['created_at', 'id'], 'api_keys_newest');
    table.dropChecks(['api_keys_revoked_reason']);
    table.dropColumns('person', 'last_used_at', 'from_settings', 'revoked_reason', 'revoked_by');
  });
}

import type { Knex } from 'knex';

/** What an author's call to abort an upload leaves; the API writes it, an activity acts on it. */
const abortColumns = ['upload_aborted_by', 'upload_aborted_at', 'upload_abort_request'];

/**
 * When an upload ends at the latest, so that addresses of parts end with it and open uploads can be counted by
 * publisher; and who asked that it ends before.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw('alter table releases no force row level security');
  await knex.schema.alterTable('releases', (table) => {
    table.timestamp('upload_deadline');
    table.text('upload_aborted_by');
    table.timestamp('upload_aborted_at');
    table.text('upload_abort_request');
  });
  await knex('releases').update({ upload_deadline: knex.raw(`submitted_at + interval '1 day'`) });
  await knex.raw(
    `alter table releases alter upload_deadline set default now() + interval '1 day', alter upload_deadline set not null`,
  );
  await knex.raw('alter table releases force row level security');
  await knex.raw(
    `create index releases_uploading on releases (publisher_id) where state in ('draft', 'uploading')`,
  );
  await knex.raw(`grant update (${abortColumns.join(', ')}) on releases to spillway_api`);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`revoke update (${abortColumns.join(', ')}) on releases from spillway_api`);
  await knex.raw('drop index releases_uploading');
  await knex.schema.alterTable('releases', (table) => {
    table.dropColumns('upload_deadline', ...abortColumns);
  });
}

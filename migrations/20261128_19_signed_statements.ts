import type { Knex } from 'knex';

/** What the signer reads of each table, and no more: what was listed on which evidence, and what is withheld. */
const read: Record<string, string> = {
  feed_head: 'revision',
  feed: 'revision, version_id, kind, rule, stage, previous_version, at',
  plugins: 'id, publisher_id',
  versions:
    'id, plugin_id, version, channel, package_sha256, package_bytes, manifest_digest, signed_by, listed_at, withdrawn_at',
  releases: 'id, version_id, verified_sha256',
  review_decisions: 'release_id, decision, package_sha256, taken_at',
  publisher_keys: 'fingerprint, publisher_id, revoked_at, revoked_reason',
  restrictions: 'kind, subject_kind, subject_id, lifted_at',
  tenants: 'id, trust_key',
};

/** Random bits of the database itself, so that a tenant has a key whoever registers it. */
const NEW_KEY = `encode(substring(sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())) for 16), 'hex')`;

const ROLE = 'spillway_signer';

/**
 * Signed statements, which the signer alone writes, in a role of its own. A tenant's key names it in signed
 * rules: who does not know the key cannot tell who is meant.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`alter table tenants add column trust_key text not null default ${NEW_KEY}`);
  await knex.schema.createTable('signed_files', (table) => {
    table.text('name').primary();
    table.text('body').notNullable();
    table.timestamp('signed_at').notNullable();
    /** Since when nothing signed names it any more; whoever began to read before may still ask for it. */
    table.timestamp('replaced_at');
  });
  await knex.raw(
    'create index signed_files_replaced on signed_files (replaced_at) where replaced_at is not null',
  );
  if (!(await knex('pg_roles').where({ rolname: ROLE }).first('oid'))) {
    await knex.raw(
      `do $$ begin create role ${ROLE} nologin noinherit nosuperuser nocreatedb nocreaterole;
       exception when duplicate_object or unique_violation then null; end $$`,
    );
  }
  await knex.raw(`grant usage on schema public to ${ROLE}`);
  for (const [table, columns] of Object.entries(read)) {
    await knex.raw(`grant select (${columns}) on ?? to ${ROLE}`, [table]);
    if (table !== 'feed_head')
      await knex.raw(`create policy signer on ?? for select to ${ROLE} using (true)`, [table]);
  }
  await knex.raw(`grant select, insert, update, delete on signed_files to ${ROLE}`);
  await knex.raw('grant select on signed_files to spillway_api');
  await knex.raw('alter table signed_files enable row level security');
  await knex.raw('alter table signed_files force row level security');
  await knex.raw(`create policy signer on signed_files to ${ROLE} using (true) with check (true)`);
  await knex.raw('create policy readers on signed_files for select to spillway_api using (true)');
}

/** The role stays, as it belongs to the cluster; only what it may do here ends. */
export async function down(knex: Knex): Promise<void> {
  for (const table of Object.keys(read).filter((each) => each !== 'feed_head'))
    await knex.raw('drop policy signer on ??', [table]);
  await knex.raw(`revoke all on all tables in schema public from ${ROLE}`);
  await knex.raw(`revoke all on schema public from ${ROLE}`);
  await knex.schema.dropTable('signed_files');
  await knex.schema.alterTable('tenants', (table) => table.dropColumn('trust_key'));
}

import type { Knex } from 'knex';

const timelineKinds = [
  ...['state', 'upload_verified', 'scan', 'scan_held', 'compatibility', 'review_opened', 'review_info'],
  ...['sla', 'decision', 'notified', 'rollout_planned', 'stage_started', 'stage_verdict', 'stage_held'],
  ...['rollout_paused', 'rollout_resumed', 'rollout_aborted', 'offer_withdrawn', 'install'],
  ...['rolled_back_everywhere', 'alert', 'restricted', 'restriction_lifted'],
];

/** What the worker changes of a plugin; its id is never changed, but written again to lock the row. */
const changed = [
  'publisher_id',
  'name',
  'reserved_until',
  'verified_at',
  'skeleton',
  'name_skeleton',
  'near',
];

const allowKinds = (knex: Knex, values: readonly string[]) =>
  knex.raw(
    `alter table timeline drop constraint timeline_kind, add constraint timeline_kind
       check (kind in (${values.map((value) => `'${value}'`).join(', ')}))`,
  );

const publisher = `current_setting('spillway.publisher', true)`;
const ownPlugin = `exists (select 1 from plugins where plugins.id = versions.plugin_id
  and plugins.publisher_id = ${publisher})`;
/** A version that the publisher before submitted is not the new one's, though the plugin is. */
const ownRelease = `exists (select 1 from releases where releases.version_id = versions.id
  and releases.publisher_id = ${publisher})`;

/** Names that were published under before are kept for good; any other ends with its upload. */
async function fillIn(knex: Knex): Promise<void> {
  for (const table of ['plugins', 'versions', 'releases'])
    await knex.raw('alter table ?? no force row level security', [table]);
  await knex.raw(
    `update plugins set
       verified_at = (select min(coalesce(versions.listed_at, releases.updated_at)) from versions
         join releases on releases.version_id = versions.id
         where versions.plugin_id = plugins.id
           and (releases.verified_sha256 is not null or versions.listed_at is not null)),
       reserved_until = coalesce((select max(releases.upload_deadline) from versions
         join releases on releases.version_id = versions.id where versions.plugin_id = plugins.id),
         plugins.created_at + interval '1 day')`,
  );
  for (const table of ['plugins', 'versions', 'releases'])
    await knex.raw('alter table ?? force row level security', [table]);
}

/**
 * The database refuses it to everybody, whatever they ask. A release that was verified is asked for besides the moment
 * on the plugin, which a worker of the version before does not write.
 */
async function keepOwners(knex: Knex): Promise<void> {
  await knex.raw(
    `create function refuse_another_owner() returns trigger language plpgsql as $$
     begin
       if old.verified_at is not null or exists (
         select 1 from versions join releases on releases.version_id = versions.id
         where versions.plugin_id = old.id
           and (releases.verified_sha256 is not null or versions.listed_at is not null)) then
         raise exception 'The plugin % is its publisher''s for good.', old.id
           using errcode = 'check_violation', constraint = 'plugins_owner_lasts';
       end if;
       return new;
     end $$`,
  );
  await knex.raw(
    `create trigger plugins_owner_lasts before update on plugins for each row
       when (old.publisher_id <> new.publisher_id
         or (old.verified_at is not null and new.verified_at is distinct from old.verified_at))
       execute function refuse_another_owner()`,
  );
}

/**
 * An announced name is reserved until its upload's deadline, and its publisher's for good from the first verified
 * upload on. What others could take for it is found by `skeleton` and `near`; what was found is kept on the release.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.schema.alterTable('plugins', (table) => {
    table.timestamp('reserved_until').notNullable().defaultTo(knex.raw(`now() + interval '1 day'`));
    table.timestamp('verified_at');
    table.text('skeleton');
    table.text('name_skeleton');
    /** The skeleton, and what is left of it when one character is taken out. */
    table.specificType('near', 'text[]');
  });
  await knex.schema.alterTable('releases', (table) => {
    table.jsonb('name_findings').notNullable().defaultTo('[]');
  });
  await fillIn(knex);
  await knex.raw('create index plugins_reserved on plugins (publisher_id) where verified_at is null');
  await knex.raw('create index plugins_near on plugins using gin (near)');
  await knex.raw('create index plugins_name_skeleton on plugins (name_skeleton)');
  await keepOwners(knex);
  await knex.raw(`grant update (${changed.join(', ')}) on plugins to spillway_worker`);
  await knex.raw('drop policy publishers_own_rows on versions');
  await knex.raw(
    `create policy publishers_own_rows on versions to spillway_publisher using (${ownPlugin} and ${ownRelease})`,
  );
  await allowKinds(knex, [...timelineKinds, 'name_noted']);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('alter table timeline no force row level security');
  await knex.raw(`update timeline set kind = 'alert' where kind = 'name_noted'`);
  await knex.raw('alter table timeline force row level security');
  await allowKinds(knex, timelineKinds);
  await knex.raw('drop policy publishers_own_rows on versions');
  await knex.raw(`create policy publishers_own_rows on versions to spillway_publisher using (${ownPlugin})`);
  await knex.raw(`revoke update (${changed.join(', ')}) on plugins from spillway_worker`);
  await knex.raw('drop trigger plugins_owner_lasts on plugins');
  await knex.raw('drop function refuse_another_owner()');
  for (const index of ['plugins_reserved', 'plugins_near', 'plugins_name_skeleton'])
    await knex.raw('drop index ??', [index]);
  await knex.schema.alterTable('releases', (table) => table.dropColumn('name_findings'));
  await knex.schema.alterTable('plugins', (table) => {
    table.dropColumns('reserved_until', 'verified_at', 'skeleton', 'name_skeleton', 'near');
  });
}

import type { Knex } from 'knex';

/** Tables with a tenant's rows: the worker reads them, the API only as that tenant (policies of 20261121_04). */
const ofTenants = ['subscriptions', 'installations', 'reports'];

const publisher = `current_setting('spillway.publisher', true)`;
const ownRelease = (table: string): string =>
  `exists (select 1 from releases where releases.id = ${table}.release_id
           and releases.publisher_id = ${publisher})`;
const ownVersion = (table: string): string =>
  `exists (select 1 from versions where versions.id = ${table}.version_id)`;

/** Which rows of a table are a publisher's own. Each condition is answered by an index of the table it reads. */
const ofPublishers: Record<string, string> = {
  publishers: `id = ${publisher}`,
  publisher_keys: `publisher_id = ${publisher}`,
  plugins: `publisher_id = ${publisher}`,
  versions: `exists (select 1 from plugins where plugins.id = versions.plugin_id
                     and plugins.publisher_id = ${publisher})`,
  releases: `publisher_id = ${publisher}`,
  timeline: ownRelease('timeline'),
  scans: ownRelease('scans'),
  review_queue: ownRelease('review_queue'),
  rollouts: ownRelease('rollouts'),
  // The policy of `versions` holds within the condition, too.
  rollout_stages: ownVersion('rollout_stages'),
  notifications: `recipient_kind = 'publisher' and recipient_id = ${publisher}`,
};

/** Tables that a publisher's transaction cannot reach at all. */
const ofThePlatform = ['tenants', 'reviewers', 'api_keys', 'release_transitions', 'feed', 'outbox', 'audit'];

const both = 'spillway_api, spillway_worker';

/** Who reads and writes every row of a table, within its grants. */
const platform: [table: string, roles: string][] = [
  ...ofTenants.map((table): [string, string] => [table, 'spillway_worker']),
  ...Object.keys(ofPublishers)
    .filter((table) => table !== 'notifications')
    .map((table): [string, string] => [table, both]),
  ...ofThePlatform.map((table): [string, string] => [table, both]),
  ['notifications', 'spillway_worker'],
];

/**
 * Forced row-level security on every table with somebody's data: a role sees what a policy shows it, the
 * owner included. In the transaction of a publisher (role `spillway_publisher`, setting
 * `spillway.publisher`) that is the publisher's own rows, whatever the query says.
 */
export async function up(knex: Knex): Promise<void> {
  for (const [table, roles] of platform) {
    await knex.raw('alter table ?? enable row level security', [table]);
    await knex.raw('alter table ?? force row level security', [table]);
    await knex.raw(`create policy platform on ?? to ${roles} using (true) with check (true)`, [table]);
  }
  for (const [table, condition] of Object.entries(ofPublishers)) {
    await knex.raw(`create policy publishers_own_rows on ?? to spillway_publisher using (${condition})`, [
      table,
    ]);
  }
  await knex.raw(
    `create policy operators_inbox on notifications for select to spillway_api using (recipient_kind = 'operator')`,
  );
  await knex.raw(
    'create index releases_of_publisher on releases (publisher_id, submitted_at desc, version_id desc)',
  );
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('drop index releases_of_publisher');
  await knex.raw('drop policy operators_inbox on notifications');
  for (const table of Object.keys(ofPublishers)) {
    await knex.raw('drop policy publishers_own_rows on ??', [table]);
  }
  const before = new Set([...ofTenants, 'notifications']);
  for (const [table] of platform) {
    await knex.raw('drop policy platform on ??', [table]);
    await knex.raw('alter table ?? no force row level security', [table]);
    if (!before.has(table)) await knex.raw('alter table ?? disable row level security', [table]);
  }
}

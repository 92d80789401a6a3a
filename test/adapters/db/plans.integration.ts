import type { Knex } from 'knex';
import { selectAlike } from '../../../adapters/db/releases/lookAlikes';
import { inPublisher, inTenant } from '../../../adapters/db/transaction';
import { useDatabase } from '../../support/servers/database';

const database = useDatabase();
let db: Knex;

beforeAll(() => {
  db = database.knex;
});

const dataview = { pluginId: 'obsidian-dataview', name: 'Dataview', publisherId: 'acme' };

/** The questions that are asked most often, and the index that must answer each of them. */
const questions: [name: string, query: (knex: Knex) => Knex.QueryBuilder, index: string][] = [
  [
    'a host asks the feed',
    (knex) => knex('feed').where('revision', '>', 5).orderBy('revision').limit(100),
    'feed_pkey',
  ],
  [
    'the catalogue lists a channel',
    (knex) =>
      knex('versions')
        .where({ channel: 'stable' })
        .whereNotNull('listed_at')
        .orderBy('listed_at', 'desc')
        .limit(50),
    'versions_catalogue',
  ],
  [
    'a reviewer opens the queue',
    (knex) => knex('review_queue').where({ state: 'open' }).orderBy('sla_deadline').limit(50),
    'review_queue_state_sla_deadline_index',
  ],
  [
    'a token is looked up',
    (knex) => knex('api_keys').where({ token_hash: Buffer.from('x') }),
    'api_keys_token_hash_unique',
  ],
  [
    'subscribers are notified in slices',
    (knex) =>
      knex('subscriptions')
        .where({ plugin_id: 'p', channel: 'stable' })
        .where('tenant_id', '>', 'a')
        .orderBy('tenant_id')
        .limit(2000),
    'subscriptions_plugin_id_channel_tenant_id_index',
  ],
  [
    'a timeline is followed',
    (knex) => knex('timeline').where({ release_id: knex.fn.uuid() }).where('seq', '>', 3).orderBy('seq'),
    'timeline_pkey',
  ],
  [
    'a gate reads its counters',
    (knex) => knex('rollout_stages').where({ version_id: 'p@1' }),
    'rollout_stages_pkey',
  ],
  [
    'a rollback waits for tenants',
    (knex) => knex('installations').where({ plugin_id: 'p', version: '1.0.0' }),
    'installations_plugin_id_version_index',
  ],
  ['look-alikes of a plugin id are looked for', (knex) => selectAlike(knex, dataview, 'id'), 'plugins_near'],
  [
    'plugins of the same display name are looked for',
    (knex) => selectAlike(knex, dataview, 'name'),
    'plugins_name_skeleton',
  ],
  [
    'what a publisher has reserved is counted',
    (knex) => knex('plugins').where({ publisher_id: 'acme' }).whereNull('verified_at'),
    'plugins_reserved',
  ],
  [
    'the outbox is emptied',
    (knex) => knex('outbox').whereNull('delivered_at').orderBy('id').limit(2000),
    'outbox_pending',
  ],
];

test.each(questions)('%s by an index', async (_name, query, index) => {
  const plan = await db.transaction((trx) => explainPlan(trx, query(trx)));
  expect(plan).toContain(index);
  expect(plan).not.toContain('Seq Scan');
});

/** What a publisher or a tenant asks within its own rows: the policy, too, is answered by an index. */
const ownRows: [name: string, query: (trx: Knex) => Knex.QueryBuilder, indexes: string[]][] = [
  [
    'a publisher lists its releases',
    (trx) =>
      trx('releases')
        .orderBy([
          { column: 'submitted_at', order: 'desc' },
          { column: 'version_id', order: 'desc' },
        ])
        .limit(50),
    ['releases_of_publisher'],
  ],
  [
    'a publisher opens a version',
    (trx) => trx('versions').where({ id: 'p@1' }),
    ['versions_pkey', 'plugins_'],
  ],
  [
    'a publisher follows a timeline',
    (trx) => trx('timeline').where({ release_id: trx.fn.uuid() }).where('seq', '>', 3).orderBy('seq'),
    ['timeline_pkey', 'releases'],
  ],
  [
    'a publisher reads its notifications',
    (trx) => trx('notifications').where({ recipient_kind: 'publisher' }).orderBy('created_at', 'desc'),
    ['notifications_recipient_kind_recipient_id_created_at_index'],
  ],
];

test.each(ownRows)('%s by indexes', async (_name, query, indexes) => {
  const plan = await inPublisher(database.api, 'acme', (trx) => explainPlan(trx, query(trx)));
  for (const index of indexes) expect(plan).toContain(index);
  expect(plan).not.toContain('Seq Scan');
});

test.each(['subscriptions', 'installations'])(
  'a tenant reads its own %s by the index of its id',
  async (table) => {
    const plan = await inTenant(database.api, 'acme', (trx) =>
      explainPlan(trx, trx(table).orderBy('plugin_id')),
    );
    expect(plan).toContain(`${table}_pkey`);
    expect(plan).not.toContain('Seq Scan');
  },
);

/** Small tables are read whole whatever indexes they have; this asks what large ones would use. */
async function explainPlan(trx: Knex, query: Knex.QueryBuilder): Promise<string> {
  await trx.raw('set local enable_seqscan = off');
  await trx.raw('set local enable_sort = off');
  const { rows } = await trx.raw<{ rows: { 'QUERY PLAN': string }[] }>('explain ?', [query]);
  return rows.map((row) => row['QUERY PLAN']).join('\n');
}

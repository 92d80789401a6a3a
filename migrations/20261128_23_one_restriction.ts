import type { Knex } from 'knex';

const timelineKinds = [
  ...['state', 'upload_verified', 'scan', 'scan_held', 'compatibility', 'review_opened', 'review_info'],
  ...['sla', 'decision', 'notified', 'rollout_planned', 'stage_started', 'stage_verdict', 'stage_held'],
  ...['rollout_paused', 'rollout_resumed', 'rollout_aborted', 'offer_withdrawn', 'install'],
  ...['rolled_back_everywhere', 'alert'],
];

/** Tables whose rows are changed here; their policies hold for the owner, too. */
const changed = ['feed', 'timeline', 'outbox', 'notifications', 'publisher_keys', 'restrictions'];

async function allow(knex: Knex, table: string, values: readonly string[]): Promise<void> {
  const list = values.map((value) => `'${value}'`).join(', ');
  await knex.raw('alter table ?? drop constraint ??', [table, `${table}_kind`]);
  await knex.raw(`alter table ?? add constraint ?? check (kind in (${list}))`, [table, `${table}_kind`]);
}

async function asOwner(knex: Knex, work: () => Promise<void>): Promise<void> {
  for (const table of changed) await knex.raw('alter table ?? no force row level security', [table]);
  await work();
  for (const table of changed) await knex.raw('alter table ?? force row level security', [table]);
}

/**
 * What a distrusted key signed is withheld by a restriction of the key, like everything else that is withheld, and
 * no longer by a kind of change in the feed of its own; so the API writes no feed any more. Appeals are answered.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.schema.alterTable('restrictions', (table) => {
    /** What a revocation imposes lasts as long as the revocation: for good. */
    table
      .text('cause')
      .notNullable()
      .defaultTo('decision')
      .checkIn(['decision', 'revocation'], 'restrictions_cause');
    table.text('appeal_answer');
    table.text('answered_by');
    table.timestamp('answered_at');
  });
  await knex.raw(
    `create unique index restrictions_of_revocation on restrictions (subject_id) where cause = 'revocation'`,
  );
  await knex.raw('grant update (appeal_answer, answered_by, answered_at) on restrictions to spillway_api');
  await asOwner(knex, async () => {
    await knex.raw(
      `insert into restrictions (id, kind, subject_kind, subject_id, publisher_id, reason, imposed_by, imposed_at, cause)
       select gen_random_uuid(), 'quarantine', 'key', fingerprint, publisher_id, 'The key was revoked.',
         coalesce(revoked_by, 'spillway'), revoked_at, 'revocation'
       from publisher_keys
       where revoked_at is not null and coalesce(revoked_reason, 'unspecified') not in ('superseded', 'retired')`,
    );
    await knex.raw(`delete from feed where kind = 'hold'`);
    await allow(knex, 'timeline', [...timelineKinds, 'version_held', 'restricted', 'restriction_lifted']);
    await knex.raw(`update timeline set kind = 'restricted' where kind = 'version_held'`);
    for (const table of ['outbox', 'notifications'])
      await knex.raw(
        `update ?? set body = body || '{"kind":"restricted"}' where body->>'kind' = 'version_held'`,
        [table],
      );
  });
  await allow(knex, 'timeline', [...timelineKinds, 'restricted', 'restriction_lifted']);
  await allow(knex, 'feed', ['offer', 'withdraw']);
  await knex.raw('drop policy api_only_holds on feed');
  await knex.raw('revoke update (revision) on feed_head from spillway_api');
  await knex.raw('revoke insert on feed from spillway_api');
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('grant insert on feed to spillway_api');
  await knex.raw('grant update (revision) on feed_head to spillway_api');
  await knex.raw(
    `create policy api_only_holds on feed as restrictive for insert to spillway_api with check (kind = 'hold')`,
  );
  await allow(knex, 'feed', ['offer', 'withdraw', 'hold']);
  await asOwner(knex, async () => {
    await allow(knex, 'timeline', [...timelineKinds, 'version_held', 'restricted', 'restriction_lifted']);
    await knex.raw(`update timeline set kind = 'alert' where kind in ('restricted', 'restriction_lifted')`);
    await knex.raw(`delete from restrictions where cause = 'revocation'`);
  });
  await allow(knex, 'timeline', [...timelineKinds, 'version_held']);
  await knex.raw('revoke update (appeal_answer, answered_by, answered_at) on restrictions from spillway_api');
  await knex.raw('drop index restrictions_of_revocation');
  await knex.schema.alterTable('restrictions', (table) => {
    table.dropChecks(['restrictions_cause']);
    table.dropColumns('cause', 'appeal_answer', 'answered_by', 'answered_at');
  });
}

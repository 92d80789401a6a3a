import type { Knex } from 'knex';

/**
 * The random bits that make the order in which tenants come, in stages and in second opinions. They are drawn with the
 * plan, after the approval: whoever knew them before could submit again until the order suits.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.schema.alterTable('releases', (table) => {
    table.text('rollout_salt');
  });
  await knex.raw('alter table releases no force row level security');
  // What was planned before goes on in the order in which it began.
  await knex('releases')
    .whereNotNull('plan')
    .update({ rollout_salt: knex.raw('id::text') });
  await knex.raw('alter table releases force row level security');
  await knex.raw(
    `alter table releases add constraint releases_plan_has_salt check (plan is null or rollout_salt is not null)`,
  );
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.alterTable('releases', (table) => table.dropColumn('rollout_salt'));
}

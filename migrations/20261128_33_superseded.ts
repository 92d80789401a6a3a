import type { Knex } from 'knex';

const releaseStates = [
  ...['draft', 'uploading', 'scanning', 'in_review', 'changes_requested', 'approved', 'scheduled'],
  ...['listed', 'rolling_out', 'paused', 'completed', 'rolled_back', 'rejected', 'withdrawn'],
  ...['quarantined', 'expired', 'failed'],
];
const rolloutStates = ['active', 'paused', 'rolling_back', 'rolled_back', 'completed'];

const widened: [table: string, column: string, before: string[]][] = [
  ['releases', 'state', releaseStates],
  ['release_transitions', 'from_state', releaseStates],
  ['release_transitions', 'to_state', releaseStates],
  ['rollouts', 'state', rolloutStates],
];

async function allow(knex: Knex, table: string, column: string, values: string[]): Promise<void> {
  const name = `${table}_${column}`;
  const list = values.map((value) => `'${value}'`).join(', ');
  await knex.raw('alter table ?? drop constraint ??', [table, name]);
  await knex.raw(`alter table ?? add constraint ?? check (${column} in (${list}))`, [table, name]);
}

/** A release, and its rollout, may end because a newer version took its place. */
export async function up(knex: Knex): Promise<void> {
  for (const [table, column, before] of widened) await allow(knex, table, column, [...before, 'superseded']);
}

export async function down(knex: Knex): Promise<void> {
  for (const [table, column, before] of widened.toReversed()) await allow(knex, table, column, before);
}

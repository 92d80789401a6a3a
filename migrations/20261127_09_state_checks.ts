import type { Knex } from 'knex';

const channels = ['stable', 'beta'];
const releaseStates = [
  ...['draft', 'uploading', 'scanning', 'in_review', 'changes_requested', 'approved', 'scheduled'],
  ...['listed', 'rolling_out', 'paused', 'completed', 'rolled_back', 'rejected', 'withdrawn'],
  ...['quarantined', 'expired', 'failed'],
];
const timelineKinds = [
  ...['state', 'upload_verified', 'scan', 'scan_held', 'compatibility', 'review_opened', 'review_info'],
  ...['sla', 'decision', 'notified', 'rollout_planned', 'stage_started', 'stage_verdict', 'stage_held'],
  ...['rollout_paused', 'rollout_resumed', 'rollout_aborted', 'offer_withdrawn', 'install'],
  ...['rolled_back_everywhere', 'alert'],
];
const reportKinds = ['installed', 'failed', 'rolled_back', 'healthy', 'unhealthy'];
const recipientKinds = ['publisher', 'reviewer', 'tenant', 'operator'];

/** What was true of `core/` when this was written; a later list needs a later migration. */
const allowed: [table: string, column: string, values: string[]][] = [
  ['versions', 'channel', channels],
  ['releases', 'state', releaseStates],
  ['release_transitions', 'from_state', releaseStates],
  ['release_transitions', 'to_state', releaseStates],
  ['timeline', 'kind', timelineKinds],
  ['scans', 'verdict', ['pass', 'fail', 'inconclusive']],
  ['review_queue', 'state', ['pending', 'open', 'decided']],
  ['review_queue', 'decision', ['approve', 'reject']],
  ['rollouts', 'state', ['active', 'paused', 'rolling_back', 'rolled_back', 'completed']],
  ['rollout_stages', 'verdict', ['pass', 'fail', 'inconclusive', 'empty']],
  ['feed', 'kind', ['offer', 'withdraw']],
  ['subscriptions', 'channel', channels],
  ['installations', 'state', reportKinds],
  ['reports', 'kind', reportKinds],
  ['outbox', 'recipient_kind', recipientKinds],
  ['notifications', 'recipient_kind', recipientKinds],
];

/** States, kinds and verdicts are what `core/` lists, whoever writes them. */
export async function up(knex: Knex): Promise<void> {
  for (const [table, column, values] of allowed) {
    const list = values.map((value) => `'${value}'`).join(', ');
    await knex.raw(`alter table ?? add constraint ?? check (${column} in (${list}))`, [
      table,
      `${table}_${column}`,
    ]);
  }
}

export async function down(knex: Knex): Promise<void> {
  for (const [table, column] of allowed.toReversed()) {
    await knex.raw('alter table ?? drop constraint ??', [table, `${table}_${column}`]);
  }
}

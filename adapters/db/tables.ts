import type { Knex } from 'knex';
import { audit } from './audit/tables';
import { bigint, integer, nullable, varchar, type Row, type Table } from './columns';
import { api_keys, key_challenges, publisher_keys, publishers, reviewers, tenants } from './identity/tables';
import { signed_files } from './distribution/tables';
import { download_grants, install_troubles, installations, reports } from './installations/tables';
import { notifications, outbox, subscriptions } from './notifications/tables';
import {
  check_turns,
  plugins,
  release_transitions,
  releases,
  restrictions,
  submissions,
  timeline,
  versions,
} from './releases/tables';
import { review_decisions, review_queue } from './reviews/tables';
import {
  feed,
  feed_head,
  rollout_commands,
  rollout_stages,
  rollouts,
  second_opinion_turns,
  second_opinions,
  trouble_counts,
} from './rollouts/tables';
import { scans } from './scans/tables';

/** Kept by the rate limiter itself. */
const rate_limits = {
  key: varchar,
  points: integer,
  expire: nullable(bigint),
};

/**
 * Every table of the schema with its columns. The types of rows derive from it, and a test compares it with
 * the migrated database, so they cannot differ.
 */
export const tables = {
  publishers,
  publisher_keys,
  tenants,
  reviewers,
  api_keys,
  key_challenges,
  plugins,
  versions,
  releases,
  submissions,
  restrictions,
  check_turns,
  release_transitions,
  timeline,
  scans,
  review_queue,
  review_decisions,
  rollouts,
  rollout_stages,
  rollout_commands,
  second_opinions,
  second_opinion_turns,
  trouble_counts,
  feed_head,
  feed,
  signed_files,
  installations,
  download_grants,
  install_troubles,
  reports,
  subscriptions,
  outbox,
  notifications,
  audit,
  rate_limits,
} satisfies Record<string, Table>;

export type TableName = keyof typeof tables;
export type RowOf<N extends TableName> = Row<(typeof tables)[N]>;

/** A row to write: JSON goes as text, and any value may be an expression. */
type Written<R> = { [K in keyof R]?: R[K] | string | Knex.Raw };

type Rows = { [N in TableName]: Knex.CompositeTableType<RowOf<N>, Written<RowOf<N>>, Written<RowOf<N>>> };

declare module 'knex/types/tables' {
  // eslint-disable-next-line @typescript-eslint/no-empty-object-type -- the way in which knex is told of tables
  interface Tables extends Rows {}
}

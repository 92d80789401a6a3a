import type { Knex } from 'knex';
import type { QueueEntry } from '../../../contracts/reviews/queue';
import { liveStates } from '../../../core/releases/state';
import type { JoinedRow } from '../joins';
import { NO_MOMENT, decodeCursor, toPage, type Page, type PageRequest } from '../cursor';
import { isoOrNull } from '../releases/view';

const columns = {
  reviewQueueId: 'review_queue.id',
  releaseId: 'releases.id',
  versionId: 'versions.id',
  publishId: 'releases.publish_id',
  pluginId: 'versions.plugin_id',
  name: 'plugins.name',
  version: 'versions.version',
  channel: 'versions.channel',
  publisherId: 'releases.publisher_id',
  state: 'review_queue.state',
  openedAt: 'review_queue.opened_at',
  slaDeadline: 'review_queue.sla_deadline',
  slaLevel: 'review_queue.sla_level',
  packageSha256: 'versions.package_sha256',
  info: 'review_queue.info',
  nameFindings: 'releases.name_findings',
} as const;

type Row = JoinedRow<typeof columns>;

/** A queue entry with the release that it is about. */
export interface QueuedReview {
  entry: QueueEntry;
  releaseId: string;
}

/** Of what the publisher added only the beginning of the last piece, so that a page of the queue stays small. */
const LAST_LINE = `case when jsonb_array_length(review_queue.info) = 0 then '[]'::jsonb else
  jsonb_build_array(jsonb_build_object('info', left(review_queue.info->-1->>'info', 200),
    'links', '[]'::jsonb, 'at', review_queue.info->-1->'at')) end`;

const joined = (knex: Knex, selected: Record<string, string | Knex.Raw> = columns) =>
  knex('review_queue')
    .join('releases', 'releases.id', 'review_queue.release_id')
    .join('versions', 'versions.id', 'releases.version_id')
    .join('plugins', 'plugins.id', 'versions.plugin_id')
    .select(selected);

/** Reviews of a state, the one that is due first at the top; those without a deadline come last. */
export async function listReviews(
  knex: Knex,
  state: QueueEntry['state'],
  { limit, cursor }: PageRequest,
): Promise<Page<QueueEntry>> {
  const after = decodeCursor(cursor, ['momentOrNone', 'uuid']);
  const query = joined(knex, { ...columns, info: knex.raw(LAST_LINE) })
    .where('review_queue.state', state)
    .where((waits) => {
      // A review that nobody decided ends with its release.
      if (state !== 'decided') void waits.whereIn('releases.state', liveStates);
    })
    .orderByRaw('review_queue.sla_deadline, review_queue.id')
    .limit(limit + 1);
  if (after) void query.where(isAfter(after[0]!, after[1]!));
  const rows = (await query) as Row[];
  const page = toPage(rows, limit, (row) => [isoOrNull(row.slaDeadline) ?? NO_MOMENT, row.reviewQueueId]);
  return { rows: page.rows.map((row) => toQueued(row).entry), next: page.next };
}

/** Written so that the index over state and deadline serves it; Postgres sorts nulls last. */
const isAfter =
  (deadline: string, id: string): Knex.QueryCallback =>
  (where) => {
    if (deadline === NO_MOMENT) {
      void where.whereNull('review_queue.sla_deadline').where('review_queue.id', '>', id);
      return;
    }
    const later = '(review_queue.sla_deadline, review_queue.id) > (?, ?)';
    void where.whereRaw(later, [new Date(deadline), id]).orWhereNull('review_queue.sla_deadline');
  };

export async function findReview(knex: Knex, reviewQueueId: string): Promise<QueuedReview | undefined> {
  const row = (await joined(knex).where('review_queue.id', reviewQueueId).first()) as Row | undefined;
  return row && toQueued(row);
}

function toQueued({ releaseId, ...row }: Row): QueuedReview {
  const entry = { ...row, openedAt: isoOrNull(row.openedAt), slaDeadline: isoOrNull(row.slaDeadline) };
  return { entry, releaseId };
}

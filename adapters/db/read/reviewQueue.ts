import type { Knex } from 'knex';
import type { QueueEntry } from '../../../contracts/review';
import { decodeCursor, toPage, type Page, type PageRequest } from './cursor';
import { isoOrNull } from './releaseView';

type Row = Omit<QueueEntry, 'openedAt' | 'slaDeadline'> & {
  releaseId: string;
  openedAt: Date | null;
  slaDeadline: Date | null;
};

/** A queue entry with the release that it is about. */
export interface QueuedReview {
  entry: QueueEntry;
  releaseId: string;
}

const joined = (knex: Knex) =>
  knex('review_queue')
    .join('releases', 'releases.id', 'review_queue.release_id')
    .join('versions', 'versions.id', 'releases.version_id')
    .join('plugins', 'plugins.id', 'versions.plugin_id')
    .select({
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
    });

/** Reviews of a state, the one that is due first at the top; those without a deadline come last. */
export async function listReviews(
  knex: Knex,
  state: QueueEntry['state'],
  { limit, cursor }: PageRequest,
): Promise<Page<QueueEntry>> {
  const after = decodeCursor(cursor, 2);
  const due = `coalesce(review_queue.sla_deadline, 'infinity'::timestamptz)`;
  const query = joined(knex)
    .where('review_queue.state', state)
    .orderByRaw(`${due}, review_queue.id`)
    .limit(limit + 1);
  if (after) void query.whereRaw(`(${due}, review_queue.id) > (?::timestamptz, ?::uuid)`, after);
  const rows = (await query) as Row[];
  const page = toPage(rows, limit, (row) => [isoOrNull(row.slaDeadline) ?? 'infinity', row.reviewQueueId]);
  return { rows: page.rows.map((row) => toQueued(row).entry), next: page.next };
}

export async function findReview(knex: Knex, reviewQueueId: string): Promise<QueuedReview | undefined> {
  const row = (await joined(knex).where('review_queue.id', reviewQueueId).first()) as Row | undefined;
  return row && toQueued(row);
}

function toQueued({ releaseId, ...row }: Row): QueuedReview {
  const entry = { ...row, openedAt: isoOrNull(row.openedAt), slaDeadline: isoOrNull(row.slaDeadline) };
  return { entry, releaseId };
}

import type { Knex } from 'knex';
import type { PluginVersions, ReleaseSummary } from '../../../contracts/releases/release';
import { limits } from '../../../core/limits';
import { compareVersions } from '../../../core/version';
import type { ReleaseState } from '../../../core/releases/state';
import { decodeCursor, toPage, type Page, type PageRequest } from '../cursor';
import type { JoinedRow } from '../joins';
import { isoOrNull } from './view';

export interface ReleaseFilter {
  /** Only releases of this publisher. */
  publisherId?: string | undefined;
  state?: ReleaseState | undefined;
  pluginId?: string | undefined;
}

const summaryColumns = {
  publishId: 'releases.publish_id',
  versionId: 'releases.version_id',
  pluginId: 'versions.plugin_id',
  version: 'versions.version',
  channel: 'versions.channel',
  publisherId: 'releases.publisher_id',
  name: 'plugins.name',
  state: 'releases.state',
  submittedAt: 'releases.submitted_at',
  updatedAt: 'releases.updated_at',
} as const;

type SummaryRow = JoinedRow<typeof summaryColumns>;

/** Releases, newest submission first. */
export async function listReleases(
  knex: Knex,
  filter: ReleaseFilter,
  { limit, cursor }: PageRequest,
): Promise<Page<ReleaseSummary>> {
  const after = decodeCursor(cursor, ['moment', 'text']);
  const query = knex('releases')
    .join('versions', 'versions.id', 'releases.version_id')
    .join('plugins', 'plugins.id', 'versions.plugin_id')
    .orderBy([
      { column: 'releases.submitted_at', order: 'desc' },
      { column: 'releases.version_id', order: 'desc' },
    ])
    .limit(limit + 1);
  if (filter.publisherId) void query.where('releases.publisher_id', filter.publisherId);
  if (filter.state) void query.where('releases.state', filter.state);
  if (filter.pluginId) void query.where('versions.plugin_id', filter.pluginId);
  if (after) {
    const [at, versionId] = [new Date(after[0]!), after[1]!];
    void query.whereRaw('(releases.submitted_at, releases.version_id) < (?, ?)', [at, versionId]);
  }
  const rows: SummaryRow[] = await query.select(summaryColumns);
  const page = toPage(rows, limit, (row) => [row.submittedAt.toISOString(), row.versionId]);
  return { rows: page.rows.map(toSummary), next: page.next };
}

const toSummary = (row: SummaryRow): ReleaseSummary => ({
  ...row,
  submittedAt: row.submittedAt.toISOString(),
  updatedAt: row.updatedAt.toISOString(),
});

const versionColumns = {
  version: 'versions.version',
  versionId: 'versions.id',
  channel: 'versions.channel',
  state: 'releases.state',
  listedAt: 'versions.listed_at',
  withdrawnAt: 'versions.withdrawn_at',
} as const;

/** Versions of a plugin by SemVer, newest first; of every state, or only those that were listed. */
export async function listVersions(
  knex: Knex,
  pluginId: string,
  { listedOnly }: { listedOnly: boolean },
): Promise<PluginVersions['versions']> {
  // A version that was submitted twice has two releases; the last one counts.
  const query = knex('versions')
    .join('releases', 'releases.version_id', 'versions.id')
    .where('versions.plugin_id', pluginId)
    .orderBy(['versions.id', { column: 'releases.submission', order: 'desc' }])
    .distinctOn('versions.id')
    .limit(limits.list);
  if (listedOnly) void query.whereNotNull('versions.listed_at');
  const rows: JoinedRow<typeof versionColumns>[] = await query.select(versionColumns);
  return rows
    .sort((a, b) => compareVersions(b.version, a.version))
    .map((row) => ({
      ...row,
      listedAt: isoOrNull(row.listedAt),
      withdrawnAt: isoOrNull(row.withdrawnAt),
    }));
}

/** The publisher that a plugin id belongs to, if anyone has published under it. */
export async function findOwner(knex: Knex, pluginId: string): Promise<string | undefined> {
  const row = await knex('plugins').where({ id: pluginId }).first('publisher_id');
  return row?.publisher_id;
}

import type { Knex } from 'knex';
import type { CatalogEntry } from '../../../contracts/catalogue/catalogue';
import { compareVersions } from '../../../core/version';
import type { JoinedRow } from '../joins';
import { selectWithheld } from '../releases/restrictions';
import { decodeCursor, toPage, type Page, type PageRequest } from '../cursor';

const columns = {
  pluginId: 'versions.plugin_id',
  name: 'plugins.name',
  publisherId: 'plugins.publisher_id',
  version: 'versions.version',
  versionId: 'versions.id',
  channel: 'versions.channel',
} as const;

type Row = JoinedRow<typeof columns> & { description: string; listedAt: Date };

/**
 * What is listed (LST-01): of each plugin the newest version of each channel that is listed and neither
 * withdrawn nor withheld. A page holds `limit` plugins. Reads Postgres alone, so it outlives the workflow engine.
 */
export async function listCatalogue(knex: Knex, { limit, cursor }: PageRequest): Promise<Page<CatalogEntry>> {
  const after = decodeCursor(cursor, ['text']);
  const plugins = knex('plugins').whereExists(offered(knex).whereRaw('versions.plugin_id = plugins.id'));
  if (after) void plugins.where('plugins.id', '>', after[0]!);
  const ids = await plugins
    .orderBy('id')
    .limit(limit + 1)
    .select('id');
  const page = toPage(ids, limit, ({ id }) => [id]);
  const rows = await readVersions(
    knex,
    page.rows.map(({ id }) => id),
  );
  return { rows: newestOfEach(rows), next: page.next };
}

/** Versions that are listed and neither withdrawn nor withheld, in a query that has `plugins` too. */
const offered = (knex: Knex) =>
  knex('versions')
    .whereNotNull('listed_at')
    .whereNull('withdrawn_at')
    .whereRaw('? is null', [selectWithheld(knex)]);

async function readVersions(knex: Knex, pluginIds: string[]): Promise<Row[]> {
  return offered(knex)
    .join('plugins', 'plugins.id', 'versions.plugin_id')
    .whereIn('versions.plugin_id', pluginIds)
    .orderBy('versions.plugin_id')
    .select({
      ...columns,
      description: knex.raw(`coalesce(versions.manifest->>'description', '')`),
      listedAt: 'versions.listed_at',
    });
}

/** Newest by SemVer, not by date: two releases in review at once may be listed out of order. */
function newestOfEach(rows: Row[]): CatalogEntry[] {
  const newest = new Map<string, Row>();
  for (const row of rows) {
    const key = `${row.pluginId}\n${row.channel}`;
    const known = newest.get(key);
    if (!known || compareVersions(row.version, known.version) > 0) newest.set(key, row);
  }
  return [...newest.values()].map((row) => ({ ...row, listedAt: row.listedAt.toISOString() }));
}

import type { Knex } from 'knex';
import { liveStates, uploadStates } from '../../../core/releases/state';
import { inTransaction } from '../transaction';

/** While `work` runs, nothing of the plugin can be submitted. Does nothing for a plugin that is not on record. */
export const withPluginLocked = (
  knex: Knex,
  pluginId: string,
  work: (trx: Knex.Transaction) => Promise<void>,
): Promise<void> =>
  inTransaction(knex, async (trx) => {
    const plugin = await trx('plugins').where({ id: pluginId }).forUpdate().first('id');
    if (plugin) await work(trx);
  });

/** An upload that parts in the object store belong to. */
export interface UploadOnRecord {
  releaseId: string;
  isOpen: boolean;
  deadline: Date;
}

/** What is on record of uploads. One that has ended never opens again, and one that is not there never will be. */
export async function findUploads(knex: Knex, releaseIds: readonly string[]): Promise<UploadOnRecord[]> {
  const rows = await knex('releases').whereIn('id', releaseIds).select('id', 'state', 'upload_deadline');
  return rows.map(({ id, state, upload_deadline: deadline }) => ({
    releaseId: id,
    isOpen: uploadStates.includes(state),
    deadline,
  }));
}

/** A package in the object store, as its key names it. */
interface PackageOnRecord {
  pluginId: string;
  version: string;
  sha256: string;
  key: string;
  /** A release whose upload is being given up: that it is on its way needs nothing any more. */
  leaving?: string;
}

/**
 * The keys of those packages that are listed, were ever verified, or are those of a release on its way, by one query.
 *
 * @param asked a page of them
 */
export async function listNeededPackages(
  knex: Knex,
  asked: readonly PackageOnRecord[],
): Promise<ReadonlySet<string>> {
  if (asked.length === 0) return new Set();
  const values = asked.map(() => '(?::text, ?::text, ?::text, ?::text)').join(', ');
  const { rows } = await knex.raw<{ rows: { key: string }[] }>(
    `select distinct asked.key
     from (values ${values}) as asked (key, plugin_id, version, sha256)
     join versions on versions.plugin_id = asked.plugin_id and versions.version = asked.version
     left join releases on releases.version_id = versions.id
     where releases.verified_sha256 = asked.sha256
        or versions.object_key = asked.key and (versions.listed_at is not null or releases.state = any(?))`,
    [
      ...asked.flatMap(({ key, pluginId, version, sha256 }) => [key, pluginId, version, sha256]),
      [...liveStates],
    ],
  );
  return new Set(rows.map(({ key }) => key));
}

/** Whether a package is listed, was ever verified, or is that of a release on its way. */
export async function isPackageNeeded(
  knex: Knex,
  { pluginId, version, sha256, key, leaving }: PackageOnRecord,
): Promise<boolean> {
  const onTheirWay = (releases: Knex.QueryBuilder) => {
    void releases.whereIn('releases.state', liveStates);
    if (leaving !== undefined) void releases.whereNot('releases.id', leaving);
  };
  const found = await knex('versions')
    .leftJoin('releases', 'releases.version_id', 'versions.id')
    .where('versions.plugin_id', pluginId)
    .where('versions.version', version)
    .where(
      (any) =>
        void any
          .where('releases.verified_sha256', sha256)
          .orWhere(
            (current) =>
              void current
                .where('versions.object_key', key)
                .where((or) => void or.whereNotNull('versions.listed_at').orWhere(onTheirWay)),
          ),
    )
    .first('versions.id');
  return found !== undefined;
}

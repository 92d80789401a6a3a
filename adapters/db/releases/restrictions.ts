import type { Knex } from 'knex';
import {
  findStrictest,
  isWithholding,
  withholdingKinds,
  type RestrictionCause,
  type RestrictionKind,
  type RestrictionsShown,
  type RestrictionSubject,
} from '../../../core/releases/restrictions';
import type { RestrictionView } from '../../../contracts/releases/restrictions';
import type { RowOf } from '../tables';
import { countRows } from '../count';
import { decodeCursor, toPage, type Page, type PageRequest } from '../cursor';

/** A restriction as it is on record. */
export interface Restriction {
  id: string;
  kind: RestrictionKind;
  subjectKind: RestrictionSubject;
  subjectId: string;
  publisherId: string;
  reason: string;
  imposedBy: string;
  imposedAt: Date;
  expiresAt: Date | null;
  appeal: string | null;
  appealedAt: Date | null;
  liftedBy: string | null;
  liftReason: string | null;
  liftedAt: Date | null;
  cause: RestrictionCause;
  appealAnswer: string | null;
  answeredBy: string | null;
  answeredAt: Date | null;
}

/** What of a version decides which restrictions apply to it. */
interface Restrictable {
  versionId: string;
  pluginId: string;
  publisherId: string;
  signedBy: string | null;
}

/** What of `versions` joined with `plugins` the id of a restriction's subject is compared with. */
export const restrictedColumns = {
  version: 'versions.id',
  plugin: 'versions.plugin_id',
  publisher: 'plugins.publisher_id',
  key: 'versions.signed_by',
} as const satisfies Record<RestrictionSubject, string>;

/** Restrictions in force on a version, itself or through its plugin, publisher or key. */
export async function findRestrictions(
  knex: Knex,
  { versionId, pluginId, publisherId, signedBy }: Restrictable,
): Promise<Restriction[]> {
  const subjects = [
    ['version', versionId],
    ['plugin', pluginId],
    ['publisher', publisherId],
    ...(signedBy ? [['key', signedBy]] : []),
  ] as [RestrictionSubject, string][];
  const rows = await knex('restrictions')
    .whereNull('lifted_at')
    .whereIn(['subject_kind', 'subject_id'], subjects)
    .orderBy('imposed_at');
  return rows.map(toRestriction);
}

/** The restriction that withholds a version from tenants, if one does. */
export async function findWithholding(knex: Knex, version: Restrictable): Promise<Restriction | undefined> {
  const found = findStrictest(await findRestrictions(knex, version));
  return found && isWithholding(found) ? found : undefined;
}

/** How many listed versions a restriction of this subject is about. */
export const countListed = (
  knex: Knex,
  { subjectKind, subjectId }: Pick<Restriction, 'subjectKind' | 'subjectId'>,
): Promise<number> =>
  countRows(
    knex('versions')
      .join('plugins', 'plugins.id', 'versions.plugin_id')
      .where(restrictedColumns[subjectKind], subjectId)
      .whereNotNull('versions.listed_at')
      .whereNull('versions.withdrawn_at'),
  );

/**
 * SQL for the strictest kind that withholds a listed version from tenants, or null; for queries over `versions` joined
 * with `plugins`. One that has expired counts until it is lifted: the hosts are told then.
 */
export const selectWithheld = (knex: Knex): Knex.Raw<RestrictionKind | null> =>
  knex.raw(
    `(select restrictions.kind from restrictions
      where restrictions.lifted_at is null and restrictions.kind = any(?::text[])
        and (restrictions.subject_kind, restrictions.subject_id) in (('version', versions.id),
          ('plugin', versions.plugin_id), ('publisher', plugins.publisher_id), ('key', versions.signed_by))
      order by restrictions.kind = 'block' desc limit 1)`,
    [[...withholdingKinds]],
  );

/** Restrictions, newest first; a publisher's own where `publisherId` is given. */
export async function listRestrictions(
  knex: Knex,
  { show, publisherId }: { show: RestrictionsShown; publisherId?: string | undefined },
  { limit, cursor }: PageRequest,
): Promise<Page<Restriction>> {
  const after = decodeCursor(cursor, ['moment', 'uuid']);
  const query = knex('restrictions')
    .orderByRaw('imposed_at desc, id desc')
    .limit(limit + 1);
  if (show !== 'all') void query.whereNull('lifted_at');
  if (show === 'appeals') void query.whereNotNull('appealed_at').whereNull('answered_at');
  if (publisherId !== undefined) void query.where({ publisher_id: publisherId });
  if (after) void query.whereRaw('(imposed_at, id) < (?::timestamptz, ?::uuid)', [after[0]!, after[1]!]);
  const page = toPage(await query, limit, (row) => [row.imposed_at.toISOString(), row.id]);
  return { rows: page.rows.map(toRestriction), next: page.next };
}

export async function findRestriction(knex: Knex, id: string): Promise<Restriction | undefined> {
  const row = await knex('restrictions').where({ id }).first();
  return row && toRestriction(row);
}

/** Whose versions a restriction of this subject withholds; undefined when there is no such subject. */
export async function findRestrictedPublisher(
  knex: Knex,
  { subjectKind, subjectId }: { subjectKind: RestrictionSubject; subjectId: string },
): Promise<string | undefined> {
  const read: Record<RestrictionSubject, () => Promise<{ publisher_id: string } | undefined>> = {
    version: () =>
      knex('versions')
        .join('plugins', 'plugins.id', 'versions.plugin_id')
        .where('versions.id', subjectId)
        .first('plugins.publisher_id'),
    plugin: () => knex('plugins').where({ id: subjectId }).first('publisher_id'),
    publisher: () => knex('publishers').where({ id: subjectId }).first({ publisher_id: 'id' }),
    key: () => knex('publisher_keys').where({ fingerprint: subjectId }).first('publisher_id'),
  };
  return (await read[subjectKind]())?.publisher_id;
}

export const toRestriction = (row: RowOf<'restrictions'>): Restriction => ({
  id: row.id,
  kind: row.kind,
  subjectKind: row.subject_kind,
  subjectId: row.subject_id,
  publisherId: row.publisher_id,
  reason: row.reason,
  imposedBy: row.imposed_by,
  imposedAt: row.imposed_at,
  expiresAt: row.expires_at,
  appeal: row.appeal,
  appealedAt: row.appealed_at,
  liftedBy: row.lifted_by,
  liftReason: row.lift_reason,
  liftedAt: row.lifted_at,
  cause: row.cause,
  appealAnswer: row.appeal_answer,
  answeredBy: row.answered_by,
  answeredAt: row.answered_at,
});

/** A restriction as it is shown. */
export const viewRestriction = ({ id, ...restriction }: Restriction): RestrictionView => ({
  ...restriction,
  restrictionId: id,
  imposedAt: restriction.imposedAt.toISOString(),
  expiresAt: restriction.expiresAt?.toISOString() ?? null,
  appealedAt: restriction.appealedAt?.toISOString() ?? null,
  answeredAt: restriction.answeredAt?.toISOString() ?? null,
  liftedAt: restriction.liftedAt?.toISOString() ?? null,
});

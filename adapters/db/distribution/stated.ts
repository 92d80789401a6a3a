import type { Knex } from 'knex';
import type { HostRange } from '../../../contracts/plugin';
import type { KeyRevocation } from '../../../core/identity/keys';
import type { RestrictionKind } from '../../../core/releases/restrictions';
import type { OfferRule } from '../../../core/rollouts/cohort';
import { selectHostRange } from '../releases/hostRange';
import { selectWithheld } from '../releases/restrictions';
import type { RowOf } from '../tables';

/** A version with its last change of the feed, and what is on record of its listing. */
export interface StatedVersion
  extends
    Pick<RowOf<'versions'>, 'version' | 'channel' | 'package_sha256' | 'package_bytes' | 'manifest_digest'>,
    Pick<RowOf<'versions'>, 'signed_by' | 'listed_at' | 'withdrawn_at'>,
    Pick<RowOf<'feed'>, 'revision' | 'kind' | 'stage' | 'previous_version' | 'at'>,
    Pick<RowOf<'plugins'>, 'publisher_id'> {
  plugin_id: string;
  /** Names tenants only as SHA-256(salt : tenant key). */
  rule: OfferRule;
  /** Which hosts it works with. */
  requires: HostRange;
  withheld: RestrictionKind | null;
  /** How the key that signed the package was revoked, and null where its publisher has no such key. */
  key: KeyRevocation | null;
  /** Whether a release of it was verified and approved with exactly this package. */
  is_approved: boolean;
}

/** Plugins of which the feed told something after a revision, and up to which revision that holds. */
export async function readChanges(
  knex: Knex,
  since: number,
): Promise<{ revision: number; pluginIds: string[] }> {
  const rows = await knex('feed')
    .join('versions', 'versions.id', 'feed.version_id')
    .where('feed.revision', '>', since)
    .groupBy('versions.plugin_id')
    .select({ pluginId: 'versions.plugin_id' })
    .max({ revision: 'feed.revision' });
  const changes = rows as { pluginId: string; revision: number }[];
  return {
    revision: Math.max(since, ...changes.map(({ revision }) => revision)),
    pluginIds: changes.map(({ pluginId }) => pluginId),
  };
}

export async function readFeedRevision(knex: Knex): Promise<number> {
  return (await knex('feed_head').first('revision'))?.revision ?? 0;
}

/** Ids of plugins after one of them, in their order, for a walk through all. */
export const listPluginIds = (knex: Knex, after: string, limit: number): Promise<string[]> =>
  knex('plugins').where('id', '>', after).orderBy('id').limit(limit).pluck('id');

const columns = [
  ...['plugin_id', 'version', 'channel', 'package_sha256', 'package_bytes', 'manifest_digest'],
  ...['signed_by', 'listed_at', 'withdrawn_at'],
].map((name) => `versions.${name}`);

/** Every version of these plugins that the feed told of, the latest change first, at most `limit` a plugin. */
export async function readStated(
  knex: Knex,
  pluginIds: readonly string[],
  limit: number,
): Promise<StatedVersion[]> {
  const rows: (StatedVersion & { place: number })[] = await knex
    .select('*')
    .from(
      knex('versions')
        .join('plugins', 'plugins.id', 'versions.plugin_id')
        .joinRaw(
          `cross join lateral (
             select * from (select revision, kind, rule, stage, previous_version, at from feed
               where feed.version_id = versions.id order by revision desc limit 1) latest) feed`,
        )
        .whereIn('versions.plugin_id', [...pluginIds])
        .select(columns)
        .select('plugins.publisher_id', 'feed.revision', 'feed.kind', 'feed.stage')
        .select('feed.previous_version', 'feed.at')
        .select({ rule: hiddenRule(knex), withheld: selectWithheld(knex), key: signingKey(knex) })
        .select({ is_approved: approved(knex), requires: selectHostRange(knex) })
        .select({
          place: knex.raw('row_number() over (partition by versions.plugin_id order by feed.revision desc)'),
        })
        .as('stated'),
    )
    .where('place', '<=', limit)
    .orderBy(['plugin_id', 'place']);
  return rows;
}

/** The database names tenants, so that their keys never reach the process that signs. */
function hiddenRule(knex: Knex): Knex.Raw {
  const named = (list: string) =>
    `coalesce((select jsonb_agg(encode(sha256(convert_to((feed.rule->>'salt') || ':' || tenants.trust_key, 'UTF8')), 'hex'))
       from tenants where jsonb_exists(feed.rule->'${list}', tenants.id)), '[]'::jsonb)`;
  return knex.raw(
    `jsonb_build_object('salt', feed.rule->'salt', 'basisPoints', feed.rule->'basisPoints',
       'allow', ${named('allow')}, 'deny', ${named('deny')})`,
  );
}

const signingKey = (knex: Knex): Knex.Raw =>
  knex.raw(
    `(select jsonb_build_object('revokedAt', publisher_keys.revoked_at, 'revokedReason', publisher_keys.revoked_reason)
      from publisher_keys where publisher_keys.fingerprint = upper(versions.signed_by)
        and publisher_keys.publisher_id = plugins.publisher_id)`,
  );

const approved = (knex: Knex): Knex.Raw =>
  knex.raw(
    `exists (select from releases
       join review_decisions on review_decisions.release_id = releases.id
         and review_decisions.decision = 'approve' and review_decisions.taken_at is not null
         and review_decisions.package_sha256 = versions.package_sha256
       where releases.version_id = versions.id and releases.verified_sha256 = versions.package_sha256)`,
  );

import type { Knex } from 'knex';
import type { FeedEntry } from '../../../contracts/rollouts/feed';
import type { RestrictionKind } from '../../../core/releases/restrictions';
import { selectWithheld } from '../releases/restrictions';
import type { JoinedRow } from '../joins';
import type { RowOf } from '../tables';
import { selectHostRange } from '../releases/hostRange';
import { findHanded } from './handed';

/** What decides whether an answer of the feed is still the same. */
export interface FeedHead {
  revision: number;
  /** Whether a rollout is under way, so that hosts should ask more often. */
  busy: boolean;
}

/** One row each, whatever the number of tenants and changes: most questions need no more. */
export async function readFeedHead(knex: Knex): Promise<FeedHead> {
  const head: FeedHead | undefined = await knex('feed_head').first({
    revision: 'revision',
    busy: knex.raw(`exists (select 1 from rollouts where state in ('active', 'rolling_back'))`),
  });
  if (!head) throw new Error('The feed has no head row.');
  return head;
}

const columns = {
  revision: 'feed.revision',
  kind: 'feed.kind',
  at: 'feed.at',
  pluginId: 'versions.plugin_id',
  versionId: 'versions.id',
  version: 'versions.version',
  channel: 'versions.channel',
  rule: 'feed.rule',
  stage: 'feed.stage',
  sha256: 'versions.package_sha256',
  bytes: 'versions.package_bytes',
  manifestDigest: 'versions.manifest_digest',
  publisherId: 'plugins.publisher_id',
  signedBy: 'versions.signed_by',
  previousVersion: 'feed.previous_version',
} as const;

/** Changes after revision `since`, in their order, as they concern one tenant. */
export async function readFeed(
  knex: Knex,
  tenantId: string,
  { since, limit }: { since: number; limit: number },
): Promise<FeedEntry[]> {
  const rows: (JoinedRow<typeof columns> & Pick<FeedEntry, 'rule' | 'requires'> & Withheld & Narrowed)[] =
    await knex('feed')
      .join('versions', 'versions.id', 'feed.version_id')
      .join('plugins', 'plugins.id', 'versions.plugin_id')
      .where('feed.revision', '>', since)
      .orderBy('feed.revision')
      .limit(limit)
      .select({
        ...{ ...columns, rule: ruleConcerning(knex, tenantId), withheld: selectWithheld(knex) },
        requires: selectHostRange(knex),
        ...{
          narrowed: 'feed.narrowed',
          turn: knex.raw('feed.turn_tenant is not distinct from ?', [tenantId]),
        },
      });
  const narrowed = rows.filter((row) => row.narrowed && !row.turn).map(({ versionId }) => versionId);
  const handed = await findHanded(knex, tenantId, narrowed);
  return rows.map(({ sha256, bytes, manifestDigest, withheld, narrowed: isNarrowed, turn, ...row }) => ({
    ...row,
    ...applyRestriction(isNarrowed && !turn && !handed.has(row.versionId) ? close(row) : row, withheld),
    at: row.at.toISOString(),
    signedBy: row.signedBy ?? '',
    package: { sha256, bytes, manifestDigest },
  }));
}

/**
 * A rule without the names of other tenants: who else is allowed or denied is nobody's business. Postgres
 * picks, so that lists of a thousand names never reach this process, a stage at a time.
 */
const ruleConcerning = (knex: Knex, tenantId: string): Knex.Raw => {
  const only = (list: string) =>
    `case when jsonb_exists(feed.rule->'${list}', :tenantId) then jsonb_build_array(:tenantId::text) else '[]'::jsonb end`;
  return knex.raw(
    `jsonb_build_object('salt', feed.rule->'salt', 'basisPoints', feed.rule->'basisPoints',
       'allow', ${only('allow')}, 'deny', ${only('deny')})`,
    { tenantId },
  );
};

/** An offer to one tenant alone, and whether that is the one that asks. */
interface Narrowed extends Pick<RowOf<'feed'>, 'narrowed'> {
  turn: boolean;
}

interface Withheld {
  withheld: RestrictionKind | null;
}

type Shown = Pick<FeedEntry, 'kind' | 'rule'>;

/** The version is for nobody new; who has it keeps it. */
const close = ({ kind, rule }: Shown): Shown => ({
  kind,
  rule: { ...rule, basisPoints: 0, allow: [], deny: [] },
});

/** What a restriction makes of an entry: under a block whoever has the version returns to the one before it. */
function applyRestriction(shown: Shown, withheld: RestrictionKind | null): Shown {
  if (withheld === null) return { kind: shown.kind, rule: shown.rule };
  const closed = close(shown);
  return withheld === 'block' ? { ...closed, kind: 'withdraw' } : closed;
}

import type { Knex } from 'knex';
import type { Channel } from '../../../contracts/plugin';
import { EVERYONE } from '../../../core/releases/rolloutPlan';
import { countRows } from '../count';
import { isOffered, type OfferRule } from '../../../core/rollouts/cohort';

const PAGE = 2_000;
/** Beyond this many subscribers the expected share is exact enough (about 1 %), and costs nothing. */
const COUNTED_AT_MOST = 10_000;

/**
 * How many tenants a stage adds that upgrade by themselves: subscribers of plugin and channel whom
 * `rule` includes and the rule before it did not. Counted tenant by tenant up to 10,000
 * subscribers; above that it is the expected share of them, because a gate needs the size of a
 * large cohort only roughly.
 */
export async function countCohort(
  knex: Knex,
  audience: { pluginId: string; channel: Channel },
  rule: OfferRule,
  before: OfferRule,
): Promise<number> {
  const subscribers = await countSubscribers(knex, audience);
  if (subscribers > COUNTED_AT_MOST) {
    return Math.round((subscribers * (rule.basisPoints - before.basisPoints)) / EVERYONE);
  }
  let added = 0;
  for await (const tenantId of listSubscribers(knex, audience)) {
    if (isOffered(rule, tenantId) && !isOffered(before, tenantId)) added += 1;
  }
  return added;
}

const upgrading = (knex: Knex, { pluginId, channel }: { pluginId: string; channel: Channel }) =>
  knex('subscriptions').where({ plugin_id: pluginId, channel, auto_upgrade: true });

/** Stops counting just above the limit, so that a million rows are never read. */
async function countSubscribers(
  knex: Knex,
  audience: { pluginId: string; channel: Channel },
): Promise<number> {
  const few = upgrading(knex, audience)
    .select('tenant_id')
    .limit(COUNTED_AT_MOST + 1);
  const counted = await countRows(knex.from(few.as('few')));
  return counted <= COUNTED_AT_MOST ? counted : countRows(upgrading(knex, audience));
}

async function* listSubscribers(
  knex: Knex,
  audience: { pluginId: string; channel: Channel },
): AsyncGenerator<string> {
  let after = '';
  for (;;) {
    const rows = await upgrading(knex, audience)
      .where('tenant_id', '>', after)
      .orderBy('tenant_id')
      .limit(PAGE)
      .select('tenant_id');
    for (const row of rows) yield row.tenant_id;
    if (rows.length < PAGE) return;
    after = rows.at(-1)?.tenant_id ?? after;
  }
}

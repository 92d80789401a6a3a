import type { Knex } from 'knex';
import type { Report } from '../../../contracts/installations/reports';
import { formatVersionId } from '../../../core/ids';
import { findReportedTrouble } from '../../../core/installations/results';
import { findGrants } from '../rollouts/handed';
import type { NewReport } from './newReport';
import { countReports, settleReports } from './reportCounters';
import { tellReports } from './reportNews';
import { countTroubles, findPlaces, settleTroubles, type Places } from './troubles';
import { inTenant, leaveTenant } from '../transaction';

/** What became of reports. */
export interface Taken {
  accepted: number;
  repeated: number;
  /**
   * Versions whose counters they moved, now or when they were first sent and whoever took them ended before it told the
   * rollout.
   */
  counted: string[];
}

/**
 * Takes a tenant's reports: rows, installations, counters, news, all in one transaction. A report
 * counts once by its id, and a tenant counts once a version, so that neither a retry nor a
 * tenant that repeats itself changes a verdict.
 */
export const ingestReports = (
  knex: Knex,
  tenantId: string,
  reports: readonly Report[],
  now: Date,
): Promise<Taken> =>
  inTenantAt(knex, tenantId, reports, async (trx, places) => {
    // Batches of one tenant are taken one after the other; otherwise both could count as the first of a kind.
    await trx.raw('select pg_advisory_xact_lock(hashtextextended(?, 0))', [`reports:${tenantId}`]);
    const added = await settleReports(trx, await insertReports(trx, tenantId, reports, now));
    const troubles = await settleTroubles(trx, { tenantId, reports: added, places }, now);
    await rememberInstallations(trx, tenantId, added, now);
    let counted = await findUntold(trx, reports, added);
    if (added.length > 0) {
      // From here on rows are written that belong to the release rather than to the tenant; always in
      // the same order, so that batches of two tenants never deadlock.
      const ordered = added.toSorted((a, b) => a.versionId.localeCompare(b.versionId));
      await leaveTenant(trx);
      const moved = [await countReports(trx, tenantId, ordered), await countTroubles(trx, troubles)];
      counted = [...new Set([...counted, ...moved.flat()])];
      await tellReports(trx, { tenantId, reports: ordered, troubles }, now);
    }
    return { accepted: added.length, repeated: reports.length - added.length, counted };
  });

/** Where the tenant belongs in the rollouts is read first: its own role does not see them. */
async function inTenantAt<T>(
  knex: Knex,
  tenantId: string,
  reports: readonly Report[],
  work: (trx: Knex.Transaction, places: Places) => Promise<T>,
): Promise<T> {
  const places = await findPlaces(knex, tenantId, [...new Set(reports.map(toVersionId))]);
  return inTenant(knex, tenantId, (trx) => work(trx, places));
}

/** Versions of which repeated reports speak and whose rollouts were not told of the tenant's result. */
async function findUntold(
  trx: Knex.Transaction,
  reports: readonly Report[],
  added: readonly NewReport[],
): Promise<string[]> {
  const addedIds = new Set(added.map(({ reportId }) => reportId));
  const repeated = reports.filter(({ reportId }) => !addedIds.has(reportId)).map(toVersionId);
  if (repeated.length === 0) return [];
  const grants = await findGrants(trx, [...new Set(repeated)]);
  return [...grants.values()].filter(({ told }) => !told).map((grant) => grant.version_id);
}

const toVersionId = ({ pluginId, version }: Report): string => formatVersionId(pluginId, version);

async function insertReports(
  trx: Knex.Transaction,
  tenantId: string,
  reports: readonly Report[],
  now: Date,
): Promise<Omit<NewReport, 'counted'>[]> {
  const told = await findTold(trx, reports);
  const rows = reports.map((report) => ({
    id: report.reportId,
    tenant_id: tenantId,
    version_id: toVersionId(report),
    stage: report.stage,
    kind: report.kind,
    body: JSON.stringify(report),
    received_at: now,
  }));
  const inserted = await trx('reports').insert(rows).onConflict('id').ignore().returning('id');
  const left = new Set(inserted.map(({ id }) => id));
  return reports.flatMap((report) => {
    // A batch may name one id twice; only its first row went in.
    if (!left.delete(report.reportId)) return [];
    const versionId = toVersionId(report);
    const thing = nameThing(versionId, report.kind, report.errorCode);
    const isFirst = !told.has(thing);
    told.add(thing);
    return [{ ...report, versionId, isFirst }];
  });
}

/** Things that the tenant has reported of these versions already. */
async function findTold(trx: Knex, reports: readonly Report[]): Promise<Set<string>> {
  const versionIds = [...new Set(reports.map(toVersionId))];
  const rows: { version_id: string; kind: string; code: string | null }[] = await trx('reports')
    .whereIn('version_id', versionIds)
    .distinct('version_id', 'kind', trx.raw(`body->>'errorCode' as code`));
  return new Set(rows.map((row) => nameThing(row.version_id, row.kind, row.code ?? undefined)));
}

/** Each trouble is told of by itself: a tenant that mends one may meet the next. */
const nameThing = (versionId: string, kind: string, errorCode: string | undefined): string =>
  [versionId, kind, ...(findReportedTrouble({ kind, errorCode }) ? [errorCode] : [])].join(' ');

/** What the tenant runs now: its newest report on each plugin; an older one that arrives late is ignored. */
async function rememberInstallations(
  trx: Knex,
  tenantId: string,
  reports: readonly NewReport[],
  now: Date,
): Promise<void> {
  const latest = new Map<string, NewReport>();
  for (const report of reports) {
    const known = latest.get(report.pluginId);
    if (!known || Date.parse(report.at) >= Date.parse(known.at)) latest.set(report.pluginId, report);
  }
  for (const report of latest.values()) {
    // A host's clock may run ahead; it must not block its own later reports for long.
    const at = new Date(Math.min(Date.parse(report.at), now.getTime()));
    const row = { version: report.activeVersion, state: report.kind, updated_at: at };
    await trx('installations')
      .insert({ tenant_id: tenantId, plugin_id: report.pluginId, ...row })
      .onConflict(['tenant_id', 'plugin_id'])
      .merge(row)
      .where('installations.updated_at', '<=', at);
  }
}

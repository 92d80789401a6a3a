import type { Knex } from 'knex';
import { installFailed, installTrouble } from '../../../core/installations/notices';
import { findReportedTrouble } from '../../../core/installations/results';
import { describeReport } from '../../../core/installations/timeline';
import type { TimelineEntry } from '../../../core/releases/timeline';
import { countRows } from '../count';
import { queueForLateReporter } from '../rollouts/audiences';
import { outboxKey, queueMessage, type OutboxMessage } from '../notifications/outbox';
import type { MessageBody } from '../notifications/tables';
import type { NewReport } from './newReport';
import type { TroubleChange } from './troubles';
import { writeTimeline } from '../releases/timeline';
import { alertWidespread } from '../rollouts/troubleNews';

/** A release's timeline shows this many reports; its history must not grow with tenants. */
const MAX_ENTRIES = 50;
/** Apart from those, so that what keeps hosts from a version never takes the place of what happened to it. */
const MAX_TROUBLES = 10;

interface Concerned {
  releaseId: string;
  publisherId: string;
}

interface ToldReports {
  tenantId: string;
  reports: readonly NewReport[];
  /** What the reports changed of the troubles that the tenant is in. */
  troubles: readonly TroubleChange[];
}

/** Says on the timeline what a tenant's host did, and alerts whom it concerns when it failed (ACC-08). */
export async function tellReports(
  trx: Knex.Transaction,
  { tenantId, reports, troubles }: ToldReports,
  now: Date,
): Promise<void> {
  for (const report of reports) {
    const entry = describeReport(tenantId, report);
    if (!report.isFirst || !entry) continue;
    const release = await findRelease(trx, report.versionId);
    if (!release) continue;
    const trouble = findReportedTrouble(report);
    if (!trouble || isCounted(report, troubles)) await writeReport(trx, release.releaseId, entry, now);
    if (trouble) await alertTrouble(trx, tenantId, report, release, now);
    else if (report.kind === 'failed') await alertFailure(trx, tenantId, report, release, now);
    await queueForLateReporter(trx, { releaseId: release.releaseId, occasion: 'rolled_back', tenantId }, now);
  }
}

/** Trouble of a tenant that belongs to no cohort concerns nobody else. */
const isCounted = ({ versionId, errorCode }: NewReport, troubles: readonly TroubleChange[]): boolean =>
  troubles.some((each) => each.versionId === versionId && each.code === errorCode && each.by === 1);

async function findRelease(trx: Knex, versionId: string): Promise<Concerned | undefined> {
  return trx('releases')
    .where({ version_id: versionId })
    .orderBy('submission', 'desc')
    .first({ releaseId: 'id', publisherId: 'publisher_id' });
}

async function writeReport(
  trx: Knex.Transaction,
  releaseId: string,
  entry: TimelineEntry,
  now: Date,
): Promise<void> {
  const isTrouble = entry.data?.trouble !== undefined;
  const shown = await countRows(
    trx('timeline')
      .where({ release_id: releaseId, kind: 'install' })
      .whereRaw(`(data->>'trouble' is not null) = ?`, [isTrouble]),
  );
  if (shown < (isTrouble ? MAX_TROUBLES : MAX_ENTRIES)) await writeTimeline(trx, releaseId, entry, now);
}

/** The tenant is told of its own failure; the publisher of the first one of a release. */
async function alertFailure(
  trx: Knex,
  tenantId: string,
  report: NewReport,
  { releaseId, publisherId }: Concerned,
  now: Date,
): Promise<void> {
  const { toTenant, toPublisher } = installFailed(report, report.activeVersion);
  const queue = (recipient: OutboxMessage['recipient'], whose: string, body: MessageBody) => {
    const key = outboxKey('install_failed', releaseId, whose);
    return queueMessage(trx, { key, recipient, releaseId, body }, now);
  };
  await queue({ kind: 'tenant', id: tenantId }, tenantId, toTenant);
  await queue({ kind: 'publisher', id: publisherId }, 'publisher', toPublisher);
}

/** The tenant is told what is wrong with its host; the operators when so many are that it is the platform. */
async function alertTrouble(
  trx: Knex,
  tenantId: string,
  report: NewReport,
  { releaseId }: Concerned,
  now: Date,
): Promise<void> {
  const key = outboxKey('install_trouble', releaseId, `${tenantId}:${report.errorCode}`);
  const body = installTrouble(report, report);
  await queueMessage(trx, { key, recipient: { kind: 'tenant', id: tenantId }, releaseId, body }, now);
  await alertWidespread(trx, { releaseId, ...report }, now);
}

import type { Knex } from 'knex';
import { formatDuration } from '../../../core/duration';
import { queueForLatecomer } from '../rollouts/audiences';
import { outboxKey, queueMessage, type MessageBody } from '../notifications/outbox';
import type { NewReport } from './newReport';
import { writeTimeline } from '../releases/timeline';

/** A release's timeline tells of this many reports; its history must not grow with tenants. */
const LINES_AT_MOST = 50;

interface Concerned {
  releaseId: string;
  publisherId: string;
}

/** Says on the timeline what a tenant's host did, and alerts both sides when it failed (ACC-08). */
export async function tellReports(
  trx: Knex.Transaction,
  tenantId: string,
  reports: readonly NewReport[],
  now: Date,
): Promise<void> {
  for (const report of reports) {
    if (!report.isFirst || !sentences[report.kind]) continue;
    const release = await findRelease(trx, report.versionId);
    if (!release) continue;
    await tell(trx, tenantId, report, release, now);
    if (report.kind === 'failed') await alertFailure(trx, tenantId, report, release, now);
    await queueForLatecomer(trx, { releaseId: release.releaseId, occasion: 'rolled_back', tenantId }, now);
  }
}

const sentences: Partial<Record<NewReport['kind'], (tenantId: string, report: NewReport) => string>> = {
  installed: (tenantId, { version, elapsedMs }) =>
    `${tenantId} installed ${version} in ${formatDuration(elapsedMs)}.`,
  failed: (tenantId, { version, errorCode, detail }) =>
    `${tenantId} could not install ${version}: ${detail ?? errorCode ?? 'no reason was given'}`,
  rolled_back: (tenantId, { version, activeVersion }) =>
    `${tenantId} went back from ${version} to ${activeVersion ?? 'having no version'}.`,
};

async function findRelease(trx: Knex, versionId: string): Promise<Concerned | undefined> {
  return (await trx('releases')
    .where({ version_id: versionId })
    .orderBy('submission', 'desc')
    .first({ releaseId: 'id', publisherId: 'publisher_id' })) as Concerned | undefined;
}

async function tell(
  trx: Knex.Transaction,
  tenantId: string,
  report: NewReport,
  { releaseId }: Concerned,
  now: Date,
): Promise<void> {
  const [told] = await trx('timeline')
    .where({ release_id: releaseId, kind: 'install' })
    .count<{ count: number }[]>('* as count');
  const text = sentences[report.kind]?.(tenantId, report);
  if (!text || Number(told?.count ?? 0) >= LINES_AT_MOST) return;
  const { kind, stage, elapsedMs, errorCode } = report;
  const data = { tenantId, kind, stage, elapsedMs, ...(errorCode ? { errorCode } : {}) };
  const line = { key: `report:${report.reportId}`, kind: 'install' as const, text, actor: tenantId, data };
  await writeTimeline(trx, releaseId, line, now);
}

/** The tenant hears of its own failure; the publisher of the first one of a release. */
async function alertFailure(
  trx: Knex,
  tenantId: string,
  { pluginId, version, versionId, activeVersion }: NewReport,
  { releaseId, publisherId }: Concerned,
  now: Date,
): Promise<void> {
  const running = activeVersion ? `${activeVersion} is active.` : 'No version is active.';
  const body: MessageBody = {
    kind: 'install_failed',
    pluginId,
    versionId,
    title: `${pluginId} ${version} could not be installed`,
    message: `The installation of ${version} failed and was undone. ${running}`,
    priority: 'high',
    upgrade: null,
  };
  const keyOf = (whose: string) => outboxKey('install_failed', releaseId, whose);
  const toTenant = { kind: 'tenant' as const, id: tenantId };
  await queueMessage(trx, { key: keyOf(tenantId), recipient: toTenant, releaseId, body }, now);
  const toPublisher = { kind: 'publisher' as const, id: publisherId };
  const told = { ...body, message: `A tenant's installation of ${version} failed and was undone.` };
  await queueMessage(trx, { key: keyOf('publisher'), recipient: toPublisher, releaseId, body: told }, now);
}

import { activeVersion } from '../disk/activeVersion';
import { removeTree } from '../../platform/files/durable';
import type { Failure } from '../install/classifyFailure';
import type { InstallEnd } from '../install/run';
import type { Facts, Job, JobOutcome, Journal } from './journal';
import type { Layout } from '../disk/layout';
import { reportIdOf, type Outbox } from '../marketplace/outbox';
import { rememberFailure } from '../disk/pluginState';
import { prunePlugin } from '../disk/prune';
import type { Report } from '../../contracts/installations/tenants';

export interface SettleParts {
  layout: Layout;
  outbox: Outbox;
  now: () => Date;
}

/** A job that has ended, in the words of the journal. */
export interface Ended {
  job: Job;
  outcome: JobOutcome;
  pluginId: string | undefined;
  version: string | undefined;
  activeVersion: string | null;
  elapsedMs: number;
  failure: Failure | undefined;
}

const REPORTS: Record<JobOutcome, readonly Report['kind'][]> = {
  success: ['installed'],
  failed: ['failed'],
  rolled_back: ['failed', 'rolled_back'],
  deferred: [],
};

/**
 * Draws the conclusions of an installation: reports, memory, old versions, and last the end in the
 * journal. A crash in between repeats all of it, and each part lands on itself.
 */
export async function settleInstall(
  parts: SettleParts,
  { job, journal, facts }: { job: Job; journal: Journal; facts?: Facts | undefined },
  end: InstallEnd,
): Promise<Ended> {
  const pluginId = facts?.pluginId ?? job.pluginId;
  const version = facts?.version ?? job.version;
  const failure = end.outcome === 'success' ? undefined : end.failure;
  const ended = await endOf(parts, { job, outcome: end.outcome, pluginId, version, failure });
  // An address that an operator typed is no evidence about a release until its package was verified.
  const isEvidence = job.source.by !== 'url' || facts !== undefined;
  const kinds = end.outcome === 'success' && end.settled ? [] : REPORTS[end.outcome];
  if (isEvidence) await report(parts, ended, kinds);
  if (
    pluginId !== undefined &&
    version !== undefined &&
    isEvidence &&
    REPORTS[end.outcome].includes('failed')
  ) {
    await rememberFailure(parts.layout.plugin(pluginId), version);
  }
  return await close(parts, journal, ended);
}

/** The same for the return to what was there before a version. */
export async function settleReturn(
  parts: SettleParts,
  { job, journal, facts }: { job: Job; journal: Journal; facts: Facts },
): Promise<Ended> {
  const { pluginId, version } = facts;
  const ended = await endOf(parts, { job, outcome: 'success', pluginId, version, failure: undefined });
  await report(parts, ended, ['rolled_back']);
  return await close(parts, journal, ended);
}

async function endOf(parts: SettleParts, ended: Omit<Ended, 'activeVersion' | 'elapsedMs'>): Promise<Ended> {
  const { layout, now } = parts;
  const active = ended.pluginId === undefined ? null : await activeVersion(layout.plugin(ended.pluginId));
  const elapsedMs = Math.max(0, now().getTime() - Date.parse(ended.job.requestedAt));
  return { ...ended, activeVersion: active, elapsedMs };
}

async function report(parts: SettleParts, ended: Ended, kinds: readonly Report['kind'][]): Promise<void> {
  const { job, pluginId, version, activeVersion: active, elapsedMs, failure } = ended;
  if (pluginId === undefined || version === undefined) return;
  for (const kind of kinds) {
    await parts.outbox.add({
      reportId: reportIdOf(job.jobId, kind),
      kind,
      pluginId,
      version,
      activeVersion: active,
      stage: job.stage,
      at: parts.now().toISOString(),
      elapsedMs,
      ...(failure ? { errorCode: failure.code, detail: failure.detail } : {}),
    });
  }
}

async function close({ layout }: SettleParts, journal: Journal, ended: Ended): Promise<Ended> {
  if (ended.pluginId !== undefined) await prunePlugin(layout.plugin(ended.pluginId));
  await removeTree(layout.workspace(ended.job.jobId));
  const { outcome, activeVersion: active, failure } = ended;
  await journal.write({ type: 'end', outcome, activeVersion: active, ...(failure ? { failure } : {}) });
  return ended;
}

import { activeVersion } from '../disk/activeVersion';
import { removeTree } from '../../platform/files/durable';
import type { Failure, Facts, Job, JobOutcome } from '../disk/jobRecord';
import type { InstallEnd } from '../install/run';
import type { Journal } from '../disk/journal';
import type { Layout } from '../disk/layout';
import { makeReportId, type Outbox } from '../marketplace/outbox';
import { rememberFailure } from '../disk/pluginState';
import type { Troubles } from './troubles';
import { prunePlugin } from '../disk/prune';
import type { Report } from '../../contracts/installations/reports';

export interface FinishDeps {
  layout: Layout;
  outbox: Outbox;
  troubles: Troubles;
  now: () => Date;
}

/** A job that has ended, with what the journal and the metrics record of it. */
export interface EndedJob {
  job: Job;
  outcome: JobOutcome;
  pluginId: string | undefined;
  version: string | undefined;
  activeVersion: string | null;
  elapsedMs: number;
  failure: Failure | undefined;
}

/** A job that is about to end; its facts where it came so far. */
interface Finishing {
  job: Job;
  journal: Journal;
  facts?: Facts | undefined;
}

const REPORTS: Record<JobOutcome, readonly Report['kind'][]> = {
  success: ['installed'],
  failed: ['failed'],
  rolled_back: ['failed', 'rolled_back'],
  deferred: [],
};

/** Whether a version is not tried again by itself: only its own failures are remembered against it. */
const condemns = (end: InstallEnd): boolean => end.outcome !== 'success' && !end.failure.later;

/**
 * Finishes an installation: reports, remembered failures, old versions, and last the end in the
 * journal. After a crash in between all of it is repeated, and each part is idempotent.
 */
export async function finishInstall(
  deps: FinishDeps,
  finishing: Finishing,
  end: InstallEnd,
): Promise<EndedJob> {
  const ended = await describeEnd(deps, finishing, end);
  const { pluginId, version } = ended;
  const isEvidence = saysSomething(finishing);
  if (isEvidence) await addReports(deps, ended, listReports(deps, ended, end));
  if (pluginId !== undefined && version !== undefined && isEvidence && condemns(end)) {
    await rememberFailure(deps.layout.plugin(pluginId), version);
  }
  return await closeJob(deps, finishing.journal, ended);
}

/**
 * Reports that a version failed while it cannot be taken back whole: others must not meet it meanwhile. When the job
 * ends, the same report is written again, and counts once.
 */
export async function reportFailure(deps: FinishDeps, finishing: Finishing, failure: Failure): Promise<void> {
  const end: InstallEnd = { outcome: 'failed', failure };
  if (!condemns(end) || !saysSomething(finishing)) return;
  await addReports(deps, await describeEnd(deps, finishing, end), REPORTS.failed);
}

/** A failed download from an address that an operator typed says nothing about a release. */
const saysSomething = ({ job, facts }: Finishing): boolean => job.source.by !== 'url' || facts !== undefined;

async function describeEnd(deps: FinishDeps, { job, facts }: Finishing, end: InstallEnd): Promise<EndedJob> {
  const pluginId = facts?.pluginId ?? job.pluginId;
  const version = facts?.version ?? job.version;
  const failure = end.outcome === 'success' ? undefined : end.failure;
  return await toEndedJob(deps, { job, outcome: end.outcome, pluginId, version, failure });
}

/** What is reported of an end. Trouble that says nothing about the version is told once, as a failure with its code. */
function listReports(
  { troubles }: FinishDeps,
  { pluginId, version }: EndedJob,
  end: InstallEnd,
): readonly Report['kind'][] {
  if (pluginId === undefined || version === undefined) return [];
  if (end.outcome === 'success' || !end.failure.later) {
    troubles.end(pluginId);
    return end.outcome === 'success' && end.unchanged ? [] : REPORTS[end.outcome];
  }
  return troubles.meet({ pluginId, version, ...end.failure }) ? ['failed'] : [];
}

/** The same for a return to what was there before a version. */
export async function finishReturn(
  deps: FinishDeps,
  { job, journal, facts }: { job: Job; journal: Journal; facts: Facts },
): Promise<EndedJob> {
  const { pluginId, version } = facts;
  const ended = await toEndedJob(deps, { job, outcome: 'success', pluginId, version, failure: undefined });
  await addReports(deps, ended, ['rolled_back']);
  return await closeJob(deps, journal, ended);
}

async function toEndedJob(
  deps: FinishDeps,
  ended: Omit<EndedJob, 'activeVersion' | 'elapsedMs'>,
): Promise<EndedJob> {
  const { layout, now } = deps;
  const active = ended.pluginId === undefined ? null : await activeVersion(layout.plugin(ended.pluginId));
  const elapsedMs = Math.max(0, now().getTime() - Date.parse(ended.job.requestedAt));
  return { ...ended, activeVersion: active, elapsedMs };
}

async function addReports(
  deps: FinishDeps,
  ended: EndedJob,
  kinds: readonly Report['kind'][],
): Promise<void> {
  const { job, pluginId, version, activeVersion: active, elapsedMs, failure } = ended;
  if (pluginId === undefined || version === undefined) return;
  for (const kind of kinds) {
    await deps.outbox.add({
      reportId: makeReportId(job.jobId, kind),
      kind,
      pluginId,
      version,
      activeVersion: active,
      stage: job.stage,
      at: deps.now().toISOString(),
      elapsedMs,
      ...(failure ? { errorCode: failure.code, detail: failure.detail } : {}),
    });
  }
}

async function closeJob({ layout }: FinishDeps, journal: Journal, ended: EndedJob): Promise<EndedJob> {
  if (ended.pluginId !== undefined) await prunePlugin(layout.plugin(ended.pluginId));
  await removeTree(layout.workspace(ended.job.jobId));
  const { outcome, activeVersion: active, failure } = ended;
  await journal.write({ type: 'end', outcome, activeVersion: active, ...(failure ? { failure } : {}) });
  return ended;
}

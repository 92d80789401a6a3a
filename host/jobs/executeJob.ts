import { toFailure } from '../install/classifyFailure';
import type { Installation, InstallServices } from '../install/installation';
import { phases } from '../install/phases';
import { toInstallEnd, restore, runInstall, timedStep, type OnPhase } from '../install/run';
import type { Failure, Job } from '../disk/jobRecord';
import type { Journal } from '../disk/journal';
import { isAlive } from '../../platform/processes/identity';
import { killGroup } from '../../platform/processes/killGroup';
import type { Progress } from './progress';
import { runReturn } from './runReturn';
import { finishInstall, finishReturn, reportFailure, type EndedJob, type FinishDeps } from './finishJob';

export interface JobDeps {
  services: InstallServices;
  finishing: FinishDeps;
  onPhase: (job: Job) => OnPhase;
}

/** What a running job works with: its journal, its signal and its claim on a plugin. */
export interface JobHandle {
  journal: Journal;
  signal: AbortSignal;
  claim: (pluginId: string) => void;
  /** False for a job that is tried again because of trouble with files, which proves nothing against it. */
  crashed?: boolean;
}

/** A job that crashes the host each time must not be resumed for ever. */
const MAX_RESUMES = 5;

/** Runs a new job to its end in the journal. */
export async function executeJob(deps: JobDeps, job: Job, handle: JobHandle): Promise<EndedJob | undefined> {
  if (job.kind === 'return') return await executeReturn(deps, { job, facts: undefined }, handle);
  const installation: Installation = {
    job,
    services: deps.services,
    workspace: deps.services.layout.workspace(job.jobId),
    ...handle,
  };
  const end = await runInstall(installation, phases, deps.onPhase(job));
  return await finishInstall(deps.finishing, installation, end);
}

/**
 * Resumes a job that a crash interrupted. A committed one is finished; any other is undone first, and
 * then finished if it had failed already, else started again. So wherever the crash came, the host ends
 * with one complete version.
 */
export async function resumeJob(
  deps: JobDeps,
  progress: Progress,
  handle: JobHandle,
): Promise<EndedJob | undefined> {
  const { job, facts, ran, committed, failure, resumed, isReported } = progress;
  endChildren(progress);
  if (job.kind === 'return') return await executeReturn(deps, progress, handle);
  const unfinished = { job, journal: handle.journal, services: deps.services, facts };
  if (committed)
    return await finishInstall(deps.finishing, unfinished, { outcome: 'success', unchanged: false });
  const final = failure ?? (resumed >= MAX_RESUMES ? toInterruptedFailure(resumed) : undefined);
  await restore(unfinished, ran, deps.onPhase(job)).catch(async (error: unknown) => {
    // What is known must not wait until everything can be taken back, which may be never.
    if (final && !isReported) await tryReporting(deps, unfinished, final);
    throw error;
  });
  if (final) return await finishInstall(deps.finishing, unfinished, toInstallEnd(final, job, ran));
  const { crashed = true } = handle;
  await handle.journal.write({ type: 'resumed', ...(crashed ? {} : { crashed }) });
  return await executeJob(deps, job, handle);
}

/** Where the disk takes no report either, the next attempt at the job tries again. */
async function tryReporting(
  { finishing, onPhase }: JobDeps,
  unfinished: Parameters<typeof reportFailure>[1],
  failure: Failure,
): Promise<void> {
  const report = () => reportFailure(finishing, unfinished, failure);
  await timedStep(unfinished, 'report', report, onPhase(unfinished.job)).catch(() => undefined);
}

const toInterruptedFailure = (times: number) =>
  toFailure('INSTALL_FAILED', `The host crashed ${times + 1} times during the installation.`);

function endChildren({ children }: Progress): void {
  for (const child of children) if (isAlive(child)) killGroup(child.pid);
}

async function executeReturn(
  { services, finishing, onPhase }: JobDeps,
  { job, facts }: Pick<Progress, 'job' | 'facts'>,
  { journal, claim }: JobHandle,
): Promise<EndedJob | undefined> {
  if (job.pluginId !== undefined) claim(job.pluginId);
  const done = await runReturn({ job, journal, services, facts }, onPhase(job));
  if (done) return await finishReturn(finishing, { job, journal, facts: done });
  await journal.write({ type: 'end', outcome: 'deferred', activeVersion: null });
  return undefined;
}

import { failureOf } from '../install/classifyFailure';
import type { Installation, InstallServices } from '../install/installation';
import { phases } from '../install/phases';
import { endOf, restore, runInstall, type OnPhase } from '../install/run';
import type { Job, Journal } from './journal';
import { isAlive, killGroup } from '../sandbox/processes';
import type { Progress } from './progress';
import { runReturn } from './returnJob';
import { settleInstall, settleReturn, type Ended, type SettleParts } from './finishJob';

export interface JobParts {
  services: InstallServices;
  settling: SettleParts;
  onPhase: (job: Job) => OnPhase;
}

/** A job with its journal and its hold on a plugin. */
export interface JobHandle {
  journal: Journal;
  signal: AbortSignal;
  claim: (pluginId: string) => void;
}

/** A job that brings the host down with it each time must not do so for ever. */
const MAX_RESUMES = 5;

/** Carries a new job out, to its end in the journal. */
export async function executeJob(parts: JobParts, job: Job, handle: JobHandle): Promise<Ended | undefined> {
  if (job.kind === 'return') return await executeReturn(parts, { job, facts: undefined }, handle);
  const installation: Installation = {
    job,
    services: parts.services,
    workspace: parts.services.layout.workspace(job.jobId),
    ...handle,
  };
  const end = await runInstall(installation, phases, parts.onPhase(job));
  return await settleInstall(parts.settling, installation, end);
}

/**
 * Takes up a job that a crash interrupted. A committed one is concluded; any other is undone first, and
 * then concluded if it had failed already, else done again from the start. So wherever the crash came,
 * the host ends with one whole version.
 */
export async function resumeJob(
  parts: JobParts,
  progress: Progress,
  handle: JobHandle,
): Promise<Ended | undefined> {
  const { job, facts, ran, committed, failure, resumed } = progress;
  await endChildren(progress);
  if (job.kind === 'return') return await executeReturn(parts, progress, handle);
  const unfinished = { job, journal: handle.journal, services: parts.services, facts };
  if (committed)
    return await settleInstall(parts.settling, unfinished, { outcome: 'success', settled: false });
  await restore(unfinished, ran, parts.onPhase(job));
  const final = failure ?? (resumed >= MAX_RESUMES ? interrupted(resumed) : undefined);
  if (final) return await settleInstall(parts.settling, unfinished, endOf(final, ran));
  await handle.journal.write({ type: 'resumed' });
  return await executeJob(parts, job, handle);
}

const interrupted = (times: number) =>
  failureOf('INSTALL_FAILED', `The host went down ${times + 1} times during the installation.`);

async function endChildren({ children }: Progress): Promise<void> {
  for (const child of children) {
    if (await isAlive(child)) killGroup(child.pid);
  }
}

async function executeReturn(
  { services, settling, onPhase }: JobParts,
  { job, facts }: Pick<Progress, 'job' | 'facts'>,
  { journal, claim }: JobHandle,
): Promise<Ended | undefined> {
  if (job.pluginId !== undefined) claim(job.pluginId);
  const done = await runReturn({ job, journal, services, facts }, onPhase(job));
  if (done) return await settleReturn(settling, { job, journal, facts: done });
  await journal.write({ type: 'end', outcome: 'deferred', activeVersion: null });
  return undefined;
}

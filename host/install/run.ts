import pRetry from 'p-retry';
import type { Failure, Job, JobOutcome } from '../disk/jobRecord';
import type { Journal } from '../disk/journal';
import { classifyFailure } from './classifyFailure';
import type { Installation, Phase, PhaseResult } from './installation';
import { undo } from './undo';

/** How an installation ended. `unchanged`: the version was active already, so nothing was done. */
export type InstallEnd =
  { outcome: 'success'; unchanged: boolean } | { outcome: Exclude<JobOutcome, 'success'>; failure: Failure };

/** Called as each phase ends, with its duration in milliseconds. */
export type OnPhase = (phase: string, ms: number, ok: boolean) => void;

/**
 * Runs the phases in order. Whatever stops one of them, the host is brought back to what it was before
 * the job, and only then does this return (INS-08).
 */
export async function runInstall(
  installation: Installation,
  phases: readonly Phase[],
  onPhase: OnPhase = () => undefined,
): Promise<InstallEnd> {
  const begun: string[] = [];
  try {
    for (const phase of phases) {
      begun.push(phase.name);
      const result = await timed(installation, phase, onPhase);
      installation.isRunning = false;
      if (result === 'unchanged') return { outcome: 'success', unchanged: true };
    }
    return { outcome: 'success', unchanged: false };
  } catch (error) {
    const failure = classifyFailure(error, begun.at(-1) ?? 'check', installation.isRunning);
    const ran = begun.includes('health');
    await restore(installation, ran, onPhase);
    return toInstallEnd(failure, installation.job, ran);
  }
}

/** What says nothing about the version is put off; what a person asked for is not tried again without that person. */
export function toInstallEnd(failure: Failure, { source }: Pick<Job, 'source'>, ran: boolean): InstallEnd {
  if (failure.later) return { outcome: source.by === 'feed' ? 'deferred' : 'failed', failure };
  return { outcome: ran ? 'rolled_back' : 'failed', failure };
}

async function timed(installation: Installation, phase: Phase, onPhase: OnPhase): Promise<PhaseResult> {
  const { journal } = installation;
  const toFailure = (error: unknown) => classifyFailure(error, phase.name, installation.isRunning);
  return await timedStep({ journal, toFailure }, phase.name, () => phase.run(installation), onPhase);
}

/** Where a step is written down, and how what stops it is classified. */
interface StepRecord {
  journal: Journal;
  toFailure?: (error: unknown) => Failure;
}

/** One step in the journal: begun, and ended with its time (INS-03). */
export async function timedStep<T>(
  { journal, toFailure = (error) => classifyFailure(error, phase) }: StepRecord,
  phase: string,
  step: () => Promise<T>,
  onPhase: OnPhase,
): Promise<T> {
  await journal.write({ type: 'phase', phase, status: 'started' });
  const began = performance.now();
  const ms = () => Math.round(performance.now() - began);
  try {
    const result = await step();
    await journal.write({ type: 'phase', phase, status: 'done', ms: ms() });
    onPhase(phase, ms(), true);
    return result;
  } catch (error) {
    const failure = toFailure(error);
    // What stopped the step counts, not that it could not be written down: the step may have filled the disk.
    await journal.write({ type: 'phase', phase, status: 'failed', ms: ms(), failure }).catch(() => undefined);
    onPhase(phase, ms(), false);
    throw error;
  }
}

/** A full disk may have room again in a moment, so taking back is tried for a while. */
export async function restore(
  { job, journal, services, facts }: Pick<Installation, 'job' | 'journal' | 'services' | 'facts'>,
  ran: boolean,
  onPhase: OnPhase,
): Promise<void> {
  const step = () => undo(services.layout, job.jobId, { facts, ran });
  const retried = () => pRetry(step, { retries: 6, minTimeout: 200, maxTimeout: 10_000 });
  await timedStep({ journal }, 'restore', retried, onPhase);
}

import type { Logger } from 'pino';
import { refusal } from '../../core/errors/errors';
import { createClaims } from './claims';
import { executeJob, resumeJob, type JobHandle, type JobDeps } from './executeJob';
import type { Job, JournalLine } from '../disk/jobRecord';
import { jobIdsIn, openJournal, readJournal } from '../disk/journal';
import { requireValue } from '../install/installation';
import { createQueue } from '../../platform/limit';
import type { Layout } from '../disk/layout';
import { readProgress, type Progress } from './progress';
import { sweep } from '../disk/prune';
import { pruneJournals } from './pruneJournals';
import type { EndedJob } from './finishJob';

export interface Jobs {
  /** Records the job and starts it when its turn comes. @throws Refusal with INSTALL_BUSY */
  begin(job: Job): Promise<void>;
  isBusy(pluginId: string): boolean;
  /** Resumes the jobs that a crash left and cleans up after it. Called once, before anything else. */
  recover(): Promise<void>;
  /** @throws Refusal with JOB_NOT_FOUND */
  progress(jobId: string): Promise<Progress>;
  lines(jobId: string): Promise<JournalLine[]>;
  /** Resolves when no job is running or waiting. */
  idle(): Promise<void>;
}

export interface JobsDeps extends JobDeps {
  log: Logger;
  /** How many jobs run at once; one of a plugin at a time in any case. */
  parallel: number;
  signal: AbortSignal;
  onEnd: (ended: EndedJob) => void;
}

const RETRY_JOB_MS = 30_000;
/** After this many jobs, the journals of old ones are removed. */
const PRUNE_EVERY = 100;

export function createJobs(deps: JobsDeps): Jobs {
  const { services, log } = deps;
  const { layout } = services;
  const claims = createClaims();
  const queue = createQueue(deps.parallel);
  let count = 0;

  function enqueue(job: Job, work: (handle: JobHandle) => Promise<EndedJob | undefined>): void {
    const { jobId } = job;
    const journal = openJournal(layout, jobId, services.now);
    const claim = (pluginId: string) => claims.take(jobId, pluginId);
    queue.add(async () => {
      try {
        const ended = await work({ journal, signal: deps.signal, claim });
        claims.release(jobId);
        if (ended) deps.onEnd(ended);
        if ((count += 1) % PRUNE_EVERY === 0) await pruneJournals(layout);
      } catch (error) {
        // The claim is kept: nothing may be installed on top of what could not be undone.
        log.error({ err: error, jobId }, 'job could not be finished; it is resumed later');
        setTimeout(
          () => void openJob(layout, jobId).then((found) => found && resume(found)),
          RETRY_JOB_MS,
        ).unref();
      }
    });
  }

  function resume(found: Progress): void {
    const { job, facts, phase } = found;
    const pluginId = facts?.pluginId ?? job.pluginId;
    if (pluginId !== undefined) claims.take(job.jobId, pluginId);
    log.warn({ jobId: job.jobId, pluginId, version: job.version, phase }, 'job resumed');
    enqueue(job, (handle) => resumeJob(deps, found, handle));
  }

  return {
    async begin(job) {
      if (job.pluginId !== undefined) claims.take(job.jobId, job.pluginId);
      try {
        await openJournal(layout, job.jobId, services.now).write({ type: 'job', job });
      } catch (error) {
        claims.release(job.jobId);
        throw error;
      }
      enqueue(job, (handle) => executeJob(deps, job, handle));
    },
    isBusy: claims.isTaken,
    async recover() {
      await pruneJournals(layout);
      const found = await openJobs(layout);
      await sweep(layout, new Set(found.map(({ job }) => job.jobId)));
      found.forEach(resume);
      await queue.whenIdle();
    },
    lines: (jobId) => readLines(layout, jobId),
    progress: async (jobId) => requireValue(readProgress(await readLines(layout, jobId)), 'job'),
    idle: queue.whenIdle,
  };
}

/** The progress of a job that has not ended. */
async function openJob(layout: Layout, jobId: string): Promise<Progress | undefined> {
  const found = readProgress((await readJournal(layout, jobId)) ?? []);
  return found?.end ? undefined : found;
}

async function openJobs(layout: Layout): Promise<Progress[]> {
  const all = await Promise.all((await jobIdsIn(layout)).map((jobId) => openJob(layout, jobId)));
  return all.filter((each) => each !== undefined);
}

async function readLines(layout: Layout, jobId: string): Promise<JournalLine[]> {
  const found = /^[\w-]{1,64}$/.test(jobId) ? await readJournal(layout, jobId) : undefined;
  if (!found) throw refusal('JOB_NOT_FOUND', `There is no job ${jobId.slice(0, 64)}.`);
  return found;
}

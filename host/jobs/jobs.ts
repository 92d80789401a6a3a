import type { Logger } from 'pino';
import { refusal } from '../../core/errors/errors';
import { createClaims } from './claims';
import { executeJob, resumeJob, type JobHandle, type JobDeps } from './executeJob';
import type { Job, JournalLine } from '../disk/jobRecord';
import { openJournal, readJournal } from '../disk/journal';
import { requireValue } from '../install/installation';
import { isFileTrouble } from '../../platform/files/trouble';
import { createQueue } from '../../platform/limit';
import type { Layout } from '../disk/layout';
import { openJobs } from './openJobs';
import { readProgress, type Progress } from './progress';
import { sweep } from '../disk/prune';
import { pruneJournals } from './pruneJournals';
import type { EndedJob } from './finishJob';
import { createRetries, type Attempt } from './retries';

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

/** After this many jobs, the journals of old ones are removed. */
const PRUNE_EVERY = 100;

export function createJobs(deps: JobsDeps): Jobs {
  const { services, log } = deps;
  const { layout } = services;
  const claims = createClaims();
  const queue = createQueue(deps.parallel);
  let count = 0;

  function enqueue(
    job: Job,
    work: (handle: JobHandle) => Promise<EndedJob | undefined>,
    { attempt, crashed }: Attempt = { attempt: 1, crashed: true },
  ): void {
    const { jobId } = job;
    const journal = openJournal(layout, jobId, services.now);
    const claim = (pluginId: string) => claims.take(jobId, pluginId);
    queue.add(async () => {
      try {
        const ended = await work({ journal, signal: deps.signal, claim, crashed });
        claims.release(jobId);
        if (ended) deps.onEnd(ended);
        if ((count += 1) % PRUNE_EVERY === 0) await pruneJournals(layout);
      } catch (error) {
        log.error({ err: error, jobId, attempt }, 'job could not be finished; it is resumed later');
        resumeLater(jobId, { attempt: attempt + 1, crashed: !isFileTrouble(error) });
      }
    });
  }

  const resumeLater = createRetries({ log, layout, signal: deps.signal, resume, release: claims.release });

  function resume(found: Progress, attempt?: Attempt): void {
    const { job, facts, phase } = found;
    const pluginId = facts?.pluginId ?? job.pluginId;
    if (pluginId !== undefined) claims.take(job.jobId, pluginId);
    log.warn({ jobId: job.jobId, pluginId, version: job.version, phase }, 'job resumed');
    enqueue(job, (handle) => resumeJob(deps, found, handle), attempt);
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
      for (const each of found) resume(each);
      await queue.whenIdle();
    },
    lines: (jobId) => readLines(layout, jobId),
    progress: async (jobId) => requireValue(readProgress(await readLines(layout, jobId)), 'job'),
    idle: queue.whenIdle,
  };
}

async function readLines(layout: Layout, jobId: string): Promise<JournalLine[]> {
  const found = /^[\w-]{1,64}$/.test(jobId) ? await readJournal(layout, jobId) : undefined;
  if (!found) throw refusal('JOB_NOT_FOUND', `There is no job ${jobId.slice(0, 64)}.`);
  return found;
}

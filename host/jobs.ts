import type { Logger } from 'pino';
import { refusal } from '../core/errors';
import { executeJob, resumeJob, type JobHandle, type JobParts } from './executeJob';
import { jobIdsIn, openJournal, readJournal, type Job, type JournalLine } from './journal';
import { progressOf, type Progress } from './progress';
import { pruneJournals, sweep } from './prune';
import type { Ended } from './settle';

export interface Jobs {
  /** Writes the job down and begins it as soon as its turn comes. @throws Refusal with INSTALL_BUSY */
  begin(job: Job): Promise<void>;
  isBusy(pluginId: string): boolean;
  /** Takes up what a crash left, and clears up after it. Once, before anything else. */
  recover(): Promise<void>;
  /** @throws Refusal with JOB_NOT_FOUND */
  progress(jobId: string): Promise<Progress>;
  lines(jobId: string): Promise<JournalLine[]>;
  /** Resolves when no job is running or waiting. */
  idle(): Promise<void>;
}

export interface JobsOptions extends JobParts {
  log: Logger;
  /** How many jobs run at once; one of a plugin at a time in any case. */
  parallel: number;
  signal: AbortSignal;
  onEnd: (ended: Ended) => void;
}

const TAKE_UP_AGAIN_MS = 30_000;

export function createJobs(options: JobsOptions): Jobs {
  const { services, log, signal } = options;
  const { layout } = services;
  const claims = new Map<string, string>();
  const queue = createQueue(options.parallel);

  function claim(jobId: string, pluginId: string): void {
    const holder = claims.get(pluginId);
    if (holder === undefined) claims.set(pluginId, jobId);
    else if (holder !== jobId) throw refusal('INSTALL_BUSY', `Job ${holder} is working on ${pluginId}.`);
  }

  function release(jobId: string): void {
    for (const [pluginId, holder] of claims) if (holder === jobId) claims.delete(pluginId);
  }

  function enqueue(job: Job, work: (handle: JobHandle) => Promise<Ended | undefined>): void {
    const { jobId } = job;
    const journal = openJournal(layout, jobId, services.now);
    const handle = { journal, signal, claim: (pluginId: string) => claim(jobId, pluginId) };
    queue.add(async () => {
      try {
        const ended = await work(handle);
        release(jobId);
        if (ended) options.onEnd(ended);
      } catch (error) {
        // The plugin stays taken: what could not be undone must not be built upon.
        log.error({ err: error, jobId }, 'job could not be concluded; it is taken up again later');
        setTimeout(() => void takeUp(jobId), TAKE_UP_AGAIN_MS).unref();
      }
    });
  }

  async function takeUp(jobId: string): Promise<boolean> {
    const found = progressOf((await readJournal(layout, jobId)) ?? []);
    if (!found || found.end) return false;
    const { job } = found;
    log.warn(
      { jobId, pluginId: job.pluginId, version: job.version, phase: found.phase },
      'job taken up again',
    );
    enqueue(job, (handle) => resumeJob(options, found, handle));
    return true;
  }

  const lines = async (jobId: string): Promise<JournalLine[]> => {
    const found = /^[\w-]{1,64}$/.test(jobId) ? await readJournal(layout, jobId) : undefined;
    if (!found) throw refusal('JOB_NOT_FOUND', `There is no job ${jobId.slice(0, 64)}.`);
    return found;
  };

  return {
    async begin(job) {
      if (job.pluginId !== undefined) claim(job.jobId, job.pluginId);
      try {
        await openJournal(layout, job.jobId, services.now).write({ type: 'job', job });
      } catch (error) {
        release(job.jobId);
        throw error;
      }
      enqueue(job, (handle) => executeJob(options, job, handle));
    },
    isBusy: (pluginId) => claims.has(pluginId),
    async recover() {
      await pruneJournals(layout);
      const open = new Set<string>();
      for (const jobId of await jobIdsIn(layout)) if (await takeUp(jobId)) open.add(jobId);
      await sweep(layout, open);
      await queue.idle();
    },
    lines,
    async progress(jobId) {
      const found = progressOf(await lines(jobId));
      if (!found) throw refusal('JOB_NOT_FOUND', `There is no job ${jobId}.`);
      return found;
    },
    idle: queue.idle,
  };
}

/** Runs works in the order of their arrival, some at a time. */
function createQueue(parallel: number) {
  const waiting: (() => Promise<void>)[] = [];
  const idlers: (() => void)[] = [];
  let running = 0;

  function next(): void {
    while (running < parallel) {
      const work = waiting.shift();
      if (!work) break;
      running += 1;
      void work().finally(() => {
        running -= 1;
        next();
      });
    }
    if (running === 0) for (const resolve of idlers.splice(0)) resolve();
  }

  return {
    add(work: () => Promise<void>): void {
      waiting.push(work);
      next();
    },
    idle: () => new Promise<void>((resolve) => (running === 0 ? resolve() : void idlers.push(resolve))),
  };
}

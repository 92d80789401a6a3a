import { jobIdsIn, readJournal } from '../disk/journal';
import type { Layout } from '../disk/layout';
import { readProgress, type Progress } from './progress';

/** The progress of a job that has not ended. */
export async function openJob(layout: Layout, jobId: string): Promise<Progress | undefined> {
  const found = readProgress((await readJournal(layout, jobId)) ?? []);
  return found?.end ? undefined : found;
}

/** All of them, as a crash left them. */
export async function openJobs(layout: Layout): Promise<Progress[]> {
  const all = await Promise.all((await jobIdsIn(layout)).map((jobId) => openJob(layout, jobId)));
  return all.filter((each) => each !== undefined);
}

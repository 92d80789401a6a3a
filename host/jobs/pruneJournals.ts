import { rm } from 'node:fs/promises';
import { jobIdsIn, readJournal } from '../disk/journal';
import type { Layout } from '../disk/layout';
import { readProgress } from './progress';

const JOURNALS_KEPT = 200;

/** Removes the journals of ended jobs, except the newest ones. */
export async function pruneJournals(layout: Layout): Promise<void> {
  const ended: { jobId: string; at: string }[] = [];
  for (const jobId of await jobIdsIn(layout)) {
    const end = readProgress((await readJournal(layout, jobId)) ?? [])?.end;
    if (end) ended.push({ jobId, at: end.at });
  }
  const old = ended.sort((a, b) => b.at.localeCompare(a.at)).slice(JOURNALS_KEPT);
  for (const { jobId } of old) await rm(layout.journal(jobId), { force: true });
}

import { appendFile } from 'node:fs/promises';
import { hostLayout } from '../../../host/disk/layout';
import { openJournal, readJournal } from '../../../host/disk/journal';
import type { Job } from '../../../host/disk/jobRecord';
import { readProgress } from '../../../host/jobs/progress';
import { PLUGIN } from '../../support/builders/manifest';
import { temporaryFolder } from '../../support/temporaryFolder';

const layout = hostLayout(temporaryFolder('journal'));
const job: Job = {
  ...{ jobId: 'job-1', kind: 'install', pluginId: PLUGIN, version: '1.0.0', stage: 1, force: false },
  ...{ source: { by: 'feed', url: 'https://store.example.com/p' }, requestedAt: '2026-01-01T00:00:00.000Z' },
};

test('a line that a full disk cut short does not swallow the end of the job that is written after it', async () => {
  const journal = openJournal(layout, job.jobId, () => new Date());
  await journal.write({ type: 'job', job });
  await appendFile(layout.journal(job.jobId), '{"type":"phase","at":"2026');
  await journal.write({ type: 'end', outcome: 'success', activeVersion: '1.0.0' });
  const lines = (await readJournal(layout, job.jobId)) ?? [];
  expect(lines.map(({ type }) => type)).toEqual(['job', 'end']);
  expect(readProgress(lines)?.end).toMatchObject({ outcome: 'success' });
});

test('a job that waits for room on the disk is not counted as one that crashes its host', () => {
  const at = '2026-01-01T00:00:00.000Z';
  const retried = { type: 'resumed', at, crashed: false } as const;
  const progress = readProgress([
    { type: 'job', at, job },
    ...Array.from({ length: 9 }, () => retried),
    { type: 'resumed', at },
  ]);
  expect(progress?.resumed).toBe(1);
});

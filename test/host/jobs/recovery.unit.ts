import { appendFile, mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import fc from 'fast-check';
import type { BuiltPackage } from '../../../pxp/createPackage';
import type { SigningKey } from '../../../pxp/signing';
import { activeVersion } from '../../../host/disk/activeVersion';
import { listNames } from '../../../platform/files/absence';
import { phases } from '../../../host/install/phases';
import type { Installation } from '../../../host/install/installation';
import { undo } from '../../../host/install/undo';
import type { Job } from '../../../host/disk/jobRecord';
import { openJournal, readJournal } from '../../../host/disk/journal';
import { hostLayout, type Layout } from '../../../host/disk/layout';
import { readProgress } from '../../../host/jobs/progress';
import { PLUGIN } from '../../support/builders/manifest';
import { buildPlugin } from '../../support/builders/plugins';
import { createKey } from '../../support/builders/keys';
import { temporaryFolder } from '../../support/temporaryFolder';
import { until } from '../../support/waiting';
import { failWritesIn } from '../support/failingWrites';
import { machineIn } from '../support/machine';

// A kill is simulated by running phases up to a point and walking away: what is on disk then is what
// a process that was killed there leaves behind. Then a new host recovers.

let works: string;
let key: SigningKey;
let first: BuiltPackage;
let second: BuiltPackage;

beforeAll(async () => {
  works = temporaryFolder('packages');
  key = await createKey();
  first = await buildPlugin(works, { key, version: '1.0.0' });
  second = await buildPlugin(works, { key, version: '1.1.0' });
});
afterAll(() => rm(works, { recursive: true, force: true }));

const machine = (folder: string, isHealthy: boolean) => machineIn(folder, key, isHealthy);

const jobFor = (built: BuiltPackage, version: string): Job => ({
  jobId: `job-${version.replace(/\./g, '-')}`,
  kind: 'install',
  pluginId: PLUGIN,
  version,
  source: { by: 'feed', url: built.path },
  stage: 1,
  force: false,
  requestedAt: new Date().toISOString(),
});

/** Runs the first phases of a job and then is no more; `torn` leaves half a line in the journal. */
async function dieAfter(
  { layout, services }: ReturnType<typeof machine>,
  job: Job,
  count: number,
  torn: boolean,
  resumed = 0,
) {
  const journal = openJournal(layout, job.jobId, services.now);
  await journal.write({ type: 'job', job });
  for (let times = 0; times < resumed; times += 1) await journal.write({ type: 'resumed' });
  const installation: Installation = {
    job,
    services,
    journal,
    signal: new AbortController().signal,
    workspace: layout.workspace(job.jobId),
    claim: () => undefined,
  };
  for (const [index, phase] of phases.slice(0, count + 1).entries()) {
    await journal.write({ type: 'phase', phase: phase.name, status: 'started' });
    if (index === count) break;
    await phase.run(installation).catch(() => undefined);
    await journal.write({ type: 'phase', phase: phase.name, status: 'done', ms: 1 });
  }
  if (torn) await appendFile(layout.journal(job.jobId), '{"type":"phase","at":"2026');
  return installation;
}

/** What must hold of a host at rest, whatever happened to it. */
async function expectConsistent(layout: Layout, version: string, log: string): Promise<void> {
  const plugin = layout.plugin(PLUGIN);
  expect(await activeVersion(plugin)).toBe(version);
  expect(await readFile(path.join(plugin.version(version), 'dist/index.js'), 'utf8')).toContain(version);
  expect(await readFile(path.join(plugin.data, 'log'), 'utf8')).toBe(log);
  expect(await listNames(layout.staging)).toEqual([]);
  expect((await readdir(plugin.folder)).filter((name) => name.startsWith('.'))).toEqual([]);
  expect(await listNames(plugin.versions)).toEqual(
    expect.not.arrayContaining([expect.stringContaining('.tmp')]),
  );
}

const cuts = Array.from({ length: phases.length + 1 }, (_, count) => count);
const namePhase = (count: number) => phases[count]?.name ?? 'the end';

test.each(cuts.map((count) => [namePhase(count), count] as const))(
  'a host that is killed in %s ends with the new version whole, and reports it once',
  async (_name, count) => {
    const folder = temporaryFolder('recovery');
    const before = machine(folder, true);
    await before.jobs.begin(jobFor(first, '1.0.0'));
    await before.jobs.idle();
    await dieAfter(machine(folder, true), jobFor(second, '1.1.0'), count, count % 2 === 0);
    const after = machine(folder, true);
    await after.jobs.recover();
    await expectConsistent(after.layout, '1.1.0', '1.0.0\n1.1.0\n');
    expect(await listNames(after.layout.plugin(PLUGIN).versions)).toEqual(['1.0.0', '1.1.0']);
    await after.outbox.flush();
    expect(after.sent.map(({ kind, version }) => `${kind} ${version}`)).toEqual([
      'installed 1.0.0',
      'installed 1.1.0',
    ]);
    await rm(folder, { recursive: true, force: true });
  },
);

test.each(cuts.slice(0, phases.length - 1).map((count) => [namePhase(count), count] as const))(
  'a host that is killed in %s of a bad version ends with the old version and its data',
  async (_name, count) => {
    const folder = temporaryFolder('recovery');
    const before = machine(folder, true);
    await before.jobs.begin(jobFor(first, '1.0.0'));
    await before.jobs.idle();
    await dieAfter(machine(folder, false), jobFor(second, '1.1.0'), count, false);
    const after = machine(folder, false);
    await after.jobs.recover();
    await expectConsistent(after.layout, '1.0.0', '1.0.0\n');
    await after.outbox.flush();
    expect(after.sent.map(({ kind }) => kind)).toEqual(['installed', 'failed', 'rolled_back']);
    await rm(folder, { recursive: true, force: true });
  },
);

test('a host that is killed over and over within one job gives it up, and keeps the old version', async () => {
  const folder = temporaryFolder('recovery');
  const before = machine(folder, true);
  await before.jobs.begin(jobFor(first, '1.0.0'));
  await before.jobs.idle();
  const job = jobFor(second, '1.1.0');
  await dieAfter(before, job, 6, false, 5);
  const after = machine(folder, true);
  await after.jobs.recover();
  expect((await after.jobs.progress(job.jobId)).end).toMatchObject({ outcome: 'failed' });
  expect(await activeVersion(after.layout.plugin(PLUGIN))).toBe('1.0.0');
  await rm(folder, { recursive: true, force: true });
});

test('a failure is reported while the data cannot be put back, and the job ends once they can', async () => {
  const folder = temporaryFolder('recovery');
  const before = machine(folder, true);
  await before.jobs.begin(jobFor(first, '1.0.0'));
  await before.jobs.idle();
  const host = machine(folder, false);
  const job = jobFor(second, '1.1.0');
  const disk = failWritesIn(path.join(host.layout.workspace(job.jobId), 'restored-data'), 1, { code: 'EIO' });
  const hurried = hurry();
  await host.jobs.begin(job);
  const sent = () => host.sent.map(({ kind, version }) => `${kind} ${version}`);
  await until('the report', async () => {
    await host.outbox.flush();
    return sent().includes('failed 1.1.0');
  });
  expect(host.sent.at(-1)).toMatchObject({ errorCode: 'HEALTH_CHECK_FAILED', activeVersion: '1.0.0' });
  expect(sent()).not.toContain('rolled_back 1.1.0');
  expect((await host.jobs.progress(job.jobId)).end).toBeUndefined();
  disk.stop();
  await until('the end', async () => (await host.jobs.progress(job.jobId)).end);
  hurried.mockRestore();
  await expectConsistent(host.layout, '1.0.0', '1.0.0\n');
  await host.outbox.flush();
  expect(sent()).toContain('rolled_back 1.1.0');
  await rm(folder, { recursive: true, force: true });
});

/** Pauses between attempts last as long as they do, but no test waits for them. */
function hurry(): jest.SpyInstance {
  const wait = global.setTimeout;
  const spy = jest.spyOn(global, 'setTimeout');
  return spy.mockImplementation(((work: () => void, ms = 0) => wait(work, Math.min(ms, 5))) as never);
}

test('taking back may itself be cut short anywhere and repeated any number of times', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 5, max: 8 }), fc.integer({ min: 1, max: 3 }), async (count, times) => {
      const folder = temporaryFolder('recovery');
      const host = machine(folder, true);
      await host.jobs.begin(jobFor(first, '1.0.0'));
      await host.jobs.idle();
      const { facts, job } = await dieAfter(host, jobFor(second, '1.1.0'), count, false);
      for (let time = 0; time < times; time += 1) await undo(host.layout, job.jobId, { facts, ran: true });
      await expectConsistent(host.layout, '1.0.0', '1.0.0\n');
      await rm(folder, { recursive: true, force: true });
    }),
    { numRuns: 12 },
  );
});

test('half a backup is none: without its marker nothing is switched [INS-04]', async () => {
  const folder = temporaryFolder('recovery');
  const host = machine(folder, true);
  await host.jobs.begin(jobFor(first, '1.0.0'));
  await host.jobs.idle();
  const installation = await dieAfter(host, jobFor(second, '1.1.0'), 6, false);
  const plugin = host.layout.plugin(PLUGIN);
  await rm(path.join(plugin.backups, installation.facts?.backup ?? '', 'complete.json'));
  const switching = phases.find((phase) => phase.name === 'switch');
  await expect(switching?.run(installation)).rejects.toMatchObject({ code: 'INSTALL_BACKUP_MISSING' });
  expect(await activeVersion(plugin)).toBe('1.0.0');
  await rm(folder, { recursive: true, force: true });
});

test('a journal says the same wherever its last line was torn', async () => {
  const folder = temporaryFolder('journal');
  const layout = hostLayout(folder);
  const host = machine(folder, true);
  await host.jobs.begin(jobFor(first, '1.0.0'));
  await host.jobs.idle();
  const whole = await readFile(layout.journal('job-1-0-0'), 'utf8');
  const ends = [...whole.matchAll(/\n/g)].map((match) => match.index + 1);
  await mkdir(layout.jobs, { recursive: true });
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: whole.length }), async (cut) => {
      await writeFile(layout.journal('cut'), whole.slice(0, cut));
      const lines = await readJournal(layout, 'cut');
      const complete = ends.filter((end) => end <= cut).length;
      expect(lines?.length ?? 0).toBe(complete);
      expect(readProgress(lines ?? [])?.committed ?? false).toBe(
        whole.slice(0, ends[complete - 1] ?? 0).includes('"phase":"commit","status":"done"'),
      );
    }),
    { numRuns: 60 },
  );
  await rm(folder, { recursive: true, force: true });
});

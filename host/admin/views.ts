import { catalogue } from '../../core/errors/catalogue';
import { activeVersion, knownPlugins } from '../disk/activeVersion';
import type { JournalLine } from '../disk/jobRecord';
import type { Layout } from '../disk/layout';
import { previousVersion } from '../disk/prune';
import type { Progress } from '../jobs/progress';
import type { Trouble } from '../jobs/troubles';

/** The state of a job in the words of the tenant's record. */
export function toJobView(progress: Progress) {
  const { job, phase, facts, end, resumed } = progress;
  return {
    installJobId: job.jobId,
    kind: job.kind,
    status: end?.outcome ?? (phase === undefined ? 'pending' : 'installing'),
    pluginId: facts?.pluginId ?? job.pluginId ?? null,
    version: facts?.version ?? job.version ?? null,
    phase: phase ?? null,
    requestedAt: job.requestedAt,
    resumed,
    ...toEndView(progress),
  };
}

function toEndView({ job, end }: Progress) {
  if (!end) return { endedAt: null, elapsedMs: null, activeVersion: null };
  const { failure, at, activeVersion: active } = end;
  return {
    endedAt: at,
    elapsedMs: Date.parse(at) - Date.parse(job.requestedAt),
    activeVersion: active,
    ...(failure
      ? { errorCode: failure.code, detail: failure.detail, next: catalogue[failure.code].next }
      : {}),
  };
}

/** The log of a job: its phases with their times (INS-03). Addresses lose their query, which may sign them. */
export const toLogView = (lines: readonly JournalLine[]) =>
  lines.map((line) => {
    if (line.type !== 'job') return line;
    const { source } = line.job;
    return { ...line, job: { ...line.job, source: { ...source, url: source.url.replace(/[?#].*$/, '') } } };
  });

/** What is installed on this host, by id. */
export async function listInstalled(layout: Layout) {
  const all = await Promise.all(
    (await knownPlugins(layout)).map(async (id) => {
      const plugin = layout.plugin(id);
      const version = await activeVersion(plugin);
      return { id, version, state: 'active' as const, previousVersion: await previousVersion(plugin) };
    }),
  );
  return all.filter(({ version }) => version !== null);
}

/** What keeps a version from this host, with what helps. */
export const toTroubleView = ({ since, ...trouble }: Trouble) => ({
  ...trouble,
  since: since.toISOString(),
  next: catalogue[trouble.code].next,
});

/** Their codes alone, for readiness, which anybody may read. */
export const describeTroubles = (troubles: readonly Trouble[]): string =>
  [...new Set(troubles.map(({ code }) => code))].sort().join(', ') || 'ok';

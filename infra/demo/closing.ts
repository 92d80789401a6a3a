import { listVerdicts } from './claims';
import type { PluginFolder } from './pluginFolder';
import { readRecord, countSeconds, takers, type ReleaseRecord } from './record';
import type { Stage } from './stage';

/** The timeline of a release as its record has it: time of the day, seconds since the submission, what happened. */
export async function showTimeline({ cast, screen }: Stage, plugin: PluginFolder): Promise<void> {
  const { release, events } = await readRecord(cast, plugin);
  const began = Date.parse(release.submittedAt);
  const width = Math.max(...events.map(({ actor }) => actor.length));
  for (const { at, text, actor } of events) {
    const seconds = ((Date.parse(at) - began) / 1000).toFixed(1).padStart(6);
    screen.line(`${at.slice(11, 23)}  +${seconds} s  ${screen.paint('dim', actor.padEnd(width))}  ${text}`);
  }
}

/** One row a release; every figure is read again from the API and asked of the hosts. */
export async function showReleases({ cast, screen }: Stage, plugins: readonly PluginFolder[]): Promise<void> {
  const rows = await Promise.all(
    plugins.map(async (plugin) => {
      const record = await readRecord(cast, plugin);
      const { name, version, state } = record.release;
      return [
        `${name} ${version}`,
        state,
        describeStages(record),
        describeTenants(record),
        countSeconds(record).toFixed(1),
      ];
    }),
  );
  screen.table(['release', 'state', 'stages', 'tenants', 'seconds'], rows);
}

const describeStages = (record: ReleaseRecord): string => {
  const planned = record.release.rollout?.stages.length ?? 0;
  const verdicts = listVerdicts(record);
  return `${verdicts.join(', ')}${verdicts.length < planned ? ` (of ${planned})` : ''}` || 'none';
};

/** Who runs it now, as the hosts say; and who once took it, where that is not the same. */
function describeTenants(record: ReleaseRecord): string {
  const { running, release } = record;
  const now = [...running.values()].filter((version) => version === release.version).length;
  const took = takers(record).length;
  return `${now} of ${running.size} run it${took === now ? '' : `; ${took} took it`}`;
}

/** What was observed and what was not, each with what was read of it. */
export function showObservations({ screen, observations }: Stage): void {
  for (const about of new Set(observations.all.map((each) => each.about))) {
    screen.line(screen.paint('bold', about));
    for (const { claim, observed, evidence } of observations.all.filter((each) => each.about === about)) {
      const sign = observed ? screen.paint('green', 'ok  ') : screen.paint('red', 'MISS');
      screen.line(`  ${sign} ${claim} ${screen.paint('dim', `(${evidence})`)}`);
    }
  }
}

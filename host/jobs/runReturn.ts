import { activeVersion, versionsOnDisk } from '../disk/activeVersion';
import { backupBefore } from '../disk/backups';
import { timedStep, type OnPhase } from '../install/run';
import { undo } from '../install/undo';
import type { InstallServices } from '../install/installation';
import type { Facts, Job } from '../disk/jobRecord';
import type { Journal } from '../disk/journal';
import type { PluginLayout } from '../disk/layout';

interface ReturnJob {
  job: Job;
  journal: Journal;
  services: Pick<InstallServices, 'layout' | 'isWithdrawn'>;
  /** From the journal, when the job had begun before a crash. */
  facts: Facts | undefined;
}

/**
 * Returns from a version to what was there before it, by the steps that undo an installation. The data
 * are those of the backup; what the version has written since is kept for a person to inspect.
 *
 * @returns undefined when the version is no longer active, so that there is nothing to undo
 */
export async function runReturn(run: ReturnJob, onPhase: OnPhase): Promise<Facts | undefined> {
  const { job, journal, services } = run;
  const facts = run.facts ?? (await collectFacts(run));
  if (!facts) return undefined;
  await journal.write({ type: 'facts', facts });
  const keepDataAs = `${facts.version}-${job.requestedAt.replace(/[-:.]/g, '')}`;
  const step = () => undo(services.layout, job.jobId, { facts, ran: true, keepDataAs });
  await timedStep({ journal }, 'restore', step, onPhase);
  return facts;
}

async function collectFacts({ job, services }: ReturnJob): Promise<Facts | undefined> {
  const { pluginId, version } = job;
  if (pluginId === undefined || version === undefined) return undefined;
  const plugin = services.layout.plugin(pluginId);
  if ((await activeVersion(plugin)) !== version) return undefined;
  const backup = await backupBefore(plugin, version);
  const activeBefore = await findReturnVersion(plugin, backup?.activeBefore ?? null, services);
  return { pluginId, version, activeBefore, existed: false, backup: backup?.name ?? null };
}

/** The previous version; null, so that the plugin is removed, when it is not on disk or was withdrawn. */
async function findReturnVersion(
  plugin: PluginLayout,
  version: string | null,
  services: ReturnJob['services'],
): Promise<string | null> {
  if (version === null || services.isWithdrawn(plugin.id, version)) return null;
  return (await versionsOnDisk(plugin)).includes(version) ? version : null;
}

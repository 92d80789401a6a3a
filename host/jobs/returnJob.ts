import { activeVersion, versionsOnDisk } from '../disk/activeVersion';
import { backupBefore } from '../disk/backups';
import { timedStep, type OnPhase } from '../install/run';
import { undo } from '../install/undo';
import type { InstallServices } from '../install/installation';
import type { Facts, Job, Journal } from './journal';
import type { PluginLayout } from '../disk/layout';

interface ReturnJob {
  job: Job;
  journal: Journal;
  services: Pick<InstallServices, 'layout' | 'isWithdrawn'>;
  /** From the journal, when the job had begun before a crash. */
  facts: Facts | undefined;
}

/**
 * Leaves a version for what was there before it: the very steps that undo an installation, later. The
 * data are those of the backup; what the version has written since is left behind for a person to see.
 *
 * @returns undefined when the version is not active any more, so that there is nothing to leave
 */
export async function runReturn(work: ReturnJob, onPhase: OnPhase): Promise<Facts | undefined> {
  const { job, journal, services } = work;
  const facts = work.facts ?? (await factsOf(work));
  if (!facts) return undefined;
  await journal.write({ type: 'facts', facts });
  const keepDataAs = `${facts.version}-${job.requestedAt.replace(/[-:.]/g, '')}`;
  const step = () => undo(services.layout, job.jobId, { facts, ran: true, keepDataAs });
  await timedStep(journal, 'restore', step, onPhase);
  return facts;
}

async function factsOf({ job, services }: ReturnJob): Promise<Facts | undefined> {
  const { pluginId, version } = job;
  if (pluginId === undefined || version === undefined) return undefined;
  const plugin = services.layout.plugin(pluginId);
  if ((await activeVersion(plugin)) !== version) return undefined;
  const backup = await backupBefore(plugin, version);
  const activeBefore = await usable(plugin, backup?.activeBefore ?? null, services);
  return { pluginId, version, activeBefore, existed: false, backup: backup?.name ?? null };
}

/** The version before, unless it is gone from the disk or was withdrawn itself: then the plugin goes. */
async function usable(
  plugin: PluginLayout,
  version: string | null,
  services: ReturnJob['services'],
): Promise<string | null> {
  if (version === null || services.isWithdrawn(plugin.id, version)) return null;
  return (await versionsOnDisk(plugin)).includes(version) ? version : null;
}

import { activeVersion } from '../disk/activeVersion';
import { backupName, takeBackup } from '../disk/backups';
import { exists } from '../../platform/files/absence';
import type { Facts } from '../disk/jobRecord';
import { requireValue, type Installation, type Phase } from './installation';

/**
 * Writes down what the host has now, and copies the plugin's data. From here on the job can be undone
 * from disk alone, whoever finds its journal.
 */
export const backUp: Phase = {
  name: 'backup',
  async run(installation) {
    const facts = await collectFacts(installation);
    await installation.journal.write({ type: 'facts', facts });
    installation.facts = facts;
    const { version, activeBefore } = facts;
    const plugin = installation.services.layout.plugin(facts.pluginId);
    const at = installation.services.now().toISOString();
    await takeBackup(plugin, requireValue(facts.backup ?? undefined, 'backup'), {
      forVersion: version,
      activeBefore,
      at,
    });
  },
};

async function collectFacts({ job, verified, services }: Installation): Promise<Facts> {
  const { id, version } = requireValue(verified, 'verified').manifest;
  const plugin = services.layout.plugin(id);
  return {
    pluginId: id,
    version,
    activeBefore: await activeVersion(plugin),
    existed: await exists(plugin.version(version)),
    backup: backupName(version, job.requestedAt),
  };
}

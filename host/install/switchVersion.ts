import { activate } from '../disk/activeVersion';
import { requireBackup } from '../disk/backups';
import { requireValue, type Phase } from './installation';

/** Makes the version active by one rename, and only when there is a way back (INS-04). */
export const switchVersion: Phase = {
  name: 'switch',
  async run({ services, facts }) {
    const { pluginId, version, backup } = requireValue(facts, 'facts');
    const plugin = services.layout.plugin(pluginId);
    await requireBackup(plugin, requireValue(backup ?? undefined, 'backup'));
    await activate(plugin, version);
  },
};

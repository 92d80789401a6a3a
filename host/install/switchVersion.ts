import { activate } from '../disk/activeVersion';
import { requireBackup } from '../disk/backups';
import { must, type Phase } from './installation';

/** Makes the version active by one rename, and only when there is a way back (INS-04). */
export const switchVersion: Phase = {
  name: 'switch',
  async run({ services, facts }) {
    const { pluginId, version, backup } = must(facts, 'facts');
    const plugin = services.layout.plugin(pluginId);
    await requireBackup(plugin, must(backup ?? undefined, 'backup'));
    await activate(plugin, version);
  },
};

import { refusal } from '../../core/errors/errors';
import { activeVersion } from '../disk/activeVersion';
import type { Phase } from './installation';

/** Whether there is anything to install, before a byte is fetched. */
export const check: Phase = {
  name: 'check',
  async run({ job, services, claim }) {
    const { pluginId, version, force } = job;
    if (pluginId === undefined) return undefined;
    claim(pluginId);
    if (version === undefined) return undefined;
    if (services.isWithdrawn(pluginId, version)) {
      throw refusal('VERSION_WITHDRAWN', `${pluginId}@${version} was withdrawn.`);
    }
    const active = await activeVersion(services.layout.plugin(pluginId));
    return active === version && !force ? 'unchanged' : undefined;
  },
};

import { forgetFailure } from '../disk/pluginState';
import { requireValue, type Phase } from './installation';

/** The last phase: once its end is in the journal, the version stays. */
export const commit: Phase = {
  name: 'commit',
  async run({ services, facts }) {
    const { pluginId, version } = requireValue(facts, 'facts');
    await forgetFailure(services.layout.plugin(pluginId), version);
  },
};

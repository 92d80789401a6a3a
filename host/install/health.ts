import { mkdir } from 'node:fs/promises';
import { requireKeepable } from '../disk/keepable';
import { refusal } from '../../core/errors/errors';
import { requireValue, type Phase } from './installation';

/** Runs the plugin's own health check in a sandbox; anything but a clean exit in time is a failure. */
export const health: Phase = {
  name: 'health',
  async run(installation) {
    const { services, journal, verified, facts } = installation;
    const { manifest } = requireValue(verified, 'verified');
    const check = requireValue(manifest.runtime.health, 'runtime.health');
    const plugin = services.layout.plugin(requireValue(facts, 'facts').pluginId);
    await mkdir(plugin.data, { recursive: true });
    const result = await services.runHealth({
      folder: plugin.version(manifest.version),
      data: plugin.data,
      version: manifest.version,
      entry: manifest.runtime.entry,
      script: check.script,
      timeoutMs: check.timeoutSeconds * 1000,
      // Written down, so that a host that was killed can end what it left running.
      onStart: (child) => {
        installation.isRunning = true;
        return journal.write({ type: 'child', ...child });
      },
    });
    if (!result.healthy) throw refusal('HEALTH_CHECK_FAILED', `${result.reason} ${result.output}`.trim());
    // Still within the phase, so that data which nobody can copy are this version's fault, not the next one's.
    await requireKeepable(plugin);
  },
};

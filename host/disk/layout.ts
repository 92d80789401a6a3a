import path from 'node:path';
import { pluginIdSchema, versionSchema } from '../../contracts/plugin';

/**
 * Where everything lies in a host's data folder. `plugins/<id>/active` is a symbolic link to a folder
 * under `versions/`; a version is active when, and only when, that link names it.
 */
export interface Layout {
  readonly root: string;
  readonly plugins: string;
  /** Folders of running jobs: nothing outside of them is ever half-written. */
  readonly staging: string;
  readonly jobs: string;
  readonly outbox: string;
  /** The feed's revision and its latest entries. */
  readonly cursor: string;
  /** Verified metadata, and what they say. */
  readonly trust: string;
  readonly lock: string;
  plugin(pluginId: string): PluginLayout;
  /** The folder of one job; it is removed with the job. */
  workspace(jobId: string): string;
  journal(jobId: string): string;
}

export interface PluginLayout {
  readonly id: string;
  readonly folder: string;
  readonly versions: string;
  readonly active: string;
  /** The plugin's own data; it survives upgrades. */
  readonly data: string;
  readonly backups: string;
  /** Data that a withdrawn version had written, kept for a person to inspect. */
  readonly leftBehind: string;
  readonly state: string;
  version(version: string): string;
}

const pluginLayout = (id: string, folder: string): PluginLayout => ({
  id,
  folder,
  versions: path.join(folder, 'versions'),
  active: path.join(folder, 'active'),
  data: path.join(folder, 'data'),
  backups: path.join(folder, 'backups'),
  leftBehind: path.join(folder, 'left-behind'),
  state: path.join(folder, 'state.json'),
  version: (version) => path.join(folder, 'versions', versionSchema.parse(version)),
});

/**
 * The layout under `root`. Whatever wrote an id or a version, the paths made of them stay below it.
 *
 * @throws ZodError where an id or a version is none
 */
export function hostLayout(root: string): Layout {
  const base = path.resolve(root);
  const plugins = path.join(base, 'plugins');
  return {
    root: base,
    plugins,
    staging: path.join(base, 'staging'),
    jobs: path.join(base, 'jobs'),
    outbox: path.join(base, 'outbox'),
    cursor: path.join(base, 'cursor.json'),
    trust: path.join(base, 'trust.json'),
    lock: path.join(base, 'host.lock'),
    plugin: (pluginId) => pluginLayout(pluginId, path.join(plugins, pluginIdSchema.parse(pluginId))),
    workspace: (jobId) => path.join(base, 'staging', jobId),
    journal: (jobId) => path.join(base, 'jobs', `${jobId}.jsonl`),
  };
}

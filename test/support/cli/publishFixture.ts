import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { createPluginFolder } from '../builders/pluginFolder';
import { runCli, type CliRun, type Env } from './runCli';
import { temporaryFolder } from '../temporaryFolder';
import { startSmallMarketplace, type SmallMarketplace } from '../fakes/smallMarketplace';

/** An author's machine with a sound plugin folder, and a small marketplace to publish to. */
export interface PublishBench {
  folder: string;
  root: string;
  marketplace: SmallMarketplace;
  publish(args?: string[], env?: Env): Promise<CliRun>;
  /** The requests whose `METHOD path` matches. */
  asked(match: RegExp): SmallMarketplace['requests'];
  readJson(name: string): Promise<Record<string, unknown>>;
  close(): Promise<void>;
}

export async function openPublishBench(): Promise<PublishBench> {
  const folder = temporaryFolder('cli');
  const marketplace = await startSmallMarketplace();
  const root = await createPluginFolder(folder);
  const settings = { PX_MARKETPLACE_API_URL: marketplace.url, PX_MARKETPLACE_TOKEN: marketplace.token };
  return {
    folder,
    root,
    marketplace,
    publish: (args = [], env = {}) =>
      runCli(['publish', 'plugin', ...args], { cwd: folder, env: { ...settings, ...env } }),
    asked: (match) => marketplace.requests.filter((each) => match.test(`${each.method} ${each.path}`)),
    readJson: async (name) =>
      JSON.parse(await readFile(path.join(root, name), 'utf8')) as Record<string, unknown>,
    close: () => marketplace.close(),
  };
}

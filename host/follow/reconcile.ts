import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import { Refusal } from '../../core/errors/errors';
import type { FeedEntry } from '../../contracts/installations/tenants';
import { activeVersion } from '../disk/activeVersion';
import type { FeedReader } from './feed';
import type { Job } from '../jobs/journal';
import type { Jobs } from '../jobs/jobs';
import type { Layout } from '../disk/layout';
import type { Marketplace } from '../marketplace/marketplace';
import { readPluginState } from '../disk/pluginState';
import { decide, type Decision } from './offers';

export interface ReconcileParts {
  layout: Layout;
  feed: Pick<FeedReader, 'offers'>;
  jobs: Pick<Jobs, 'begin' | 'isBusy'>;
  marketplace: Pick<Marketplace, 'downloadUrl'>;
  tenantId: string;
  autoUpgrade: boolean;
  /** Whether a plugin whose installation was put off may be looked at again. */
  isDue: (pluginId: string) => boolean;
  now: () => Date;
  log: Logger;
}

/** Where the package of an entry comes from, and what it must be. */
export const sourceOf = (
  marketplace: ReconcileParts['marketplace'],
  entry: FeedEntry,
  by: 'feed' | 'admin',
): Job['source'] => ({
  by,
  url: marketplace.downloadUrl(entry.pluginId, entry.version),
  publisherId: entry.publisherId,
  ...entry.package,
});

/** Begins whatever brings each plugin from what it is to what the feed says it should be. */
export async function reconcile(parts: ReconcileParts): Promise<void> {
  const plugins = new Set(Object.values(parts.feed.offers()).map((entry) => entry.pluginId));
  for (const pluginId of plugins) {
    if (parts.jobs.isBusy(pluginId)) continue;
    const plugin = parts.layout.plugin(pluginId);
    const holding = { active: await activeVersion(plugin), ...(await readPluginState(plugin)) };
    await act(parts, decide(parts.feed.offers(), pluginId, parts.tenantId, holding));
  }
}

async function act(parts: ReconcileParts, decision: Decision): Promise<void> {
  if (decision.kind === 'none') return;
  // A tenant may decline upgrades; it may not keep what was withdrawn.
  const { entry, kind } = decision;
  if (kind === 'install' && !(parts.autoUpgrade && parts.isDue(entry.pluginId))) return;
  const { pluginId, version, stage } = entry;
  try {
    await parts.jobs.begin({
      jobId: randomUUID(),
      kind,
      pluginId,
      version,
      source: sourceOf(parts.marketplace, entry, 'feed'),
      stage,
      force: false,
      requestedAt: parts.now().toISOString(),
    });
  } catch (error) {
    if (!(error instanceof Refusal && error.code === 'INSTALL_BUSY')) throw error;
    parts.log.debug({ pluginId, version }, 'the plugin has another job; it is looked at again after that');
  }
}

import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import { Refusal } from '../../core/errors/errors';
import type { FeedEntry } from '../../contracts/rollouts/feed';
import { activeVersion } from '../disk/activeVersion';
import type { FeedReader } from './feed';
import type { Job } from '../disk/jobRecord';
import type { Jobs } from '../jobs/jobs';
import type { Layout } from '../disk/layout';
import type { Marketplace } from '../marketplace/marketplace';
import { readPluginState } from '../disk/pluginState';
import { decide, type Decision } from './offers';

export interface ReconcileDeps {
  layout: Layout;
  feed: Pick<FeedReader, 'offers'>;
  jobs: Pick<Jobs, 'begin' | 'isBusy'>;
  marketplace: Pick<Marketplace, 'downloadUrl'>;
  tenantId: string;
  autoUpgrade: boolean;
  /** Whether the back-off after a deferred installation of this plugin is over. */
  mayInstall: (pluginId: string) => boolean;
  now: () => Date;
  log: Logger;
}

/** Where the package of an entry comes from, and what it must be. */
export const toSource = (
  marketplace: ReconcileDeps['marketplace'],
  entry: FeedEntry,
  by: 'feed' | 'admin',
): Job['source'] => ({
  by,
  url: marketplace.downloadUrl(entry.pluginId, entry.version),
  publisherId: entry.publisherId,
  ...entry.package,
});

/**
 * Begins the jobs that bring each plugin from its installed state to what the feed says. One plugin whose files
 * cannot be read holds up no other; its error is thrown when all were looked at.
 */
export async function reconcile(deps: ReconcileDeps): Promise<void> {
  const plugins = new Set(Object.values(deps.feed.offers()).map((entry) => entry.pluginId));
  const errors: unknown[] = [];
  for (const pluginId of plugins) {
    if (deps.jobs.isBusy(pluginId)) continue;
    await reconcilePlugin(deps, pluginId).catch((error: unknown) => errors.push(error));
  }
  if (errors.length > 0) throw errors[0];
}

async function reconcilePlugin(deps: ReconcileDeps, pluginId: string): Promise<void> {
  const plugin = deps.layout.plugin(pluginId);
  const installed = { active: await activeVersion(plugin), ...(await readPluginState(plugin)) };
  await applyDecision(deps, decide(deps.feed.offers(), pluginId, deps.tenantId, installed));
}

async function applyDecision(deps: ReconcileDeps, decision: Decision): Promise<void> {
  if (decision.kind === 'none') return;
  // A tenant may decline upgrades; it may not keep what was withdrawn.
  const { entry, kind } = decision;
  if (kind === 'install' && !(deps.autoUpgrade && deps.mayInstall(entry.pluginId))) return;
  const { pluginId, version, stage } = entry;
  try {
    await deps.jobs.begin({
      jobId: randomUUID(),
      kind,
      pluginId,
      version,
      source: toSource(deps.marketplace, entry, 'feed'),
      stage,
      force: false,
      requestedAt: deps.now().toISOString(),
    });
  } catch (error) {
    if (!(error instanceof Refusal && error.code === 'INSTALL_BUSY')) throw error;
    deps.log.debug(
      { pluginId, version },
      'the plugin is busy with another job; it is reconciled again after that',
    );
  }
}

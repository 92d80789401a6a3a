import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import { Refusal, type Problem } from '../../core/errors/errors';
import type { FeedEntry } from '../../contracts/rollouts/feed';
import { activeVersion } from '../disk/activeVersion';
import type { FeedReader } from './feed';
import type { Job } from '../disk/jobRecord';
import type { Jobs } from '../jobs/jobs';
import type { Layout } from '../disk/layout';
import type { Marketplace } from '../marketplace/marketplace';
import { readPluginState } from '../disk/pluginState';
import { decide, type Decision, type InstalledState } from './offers';

export interface ReconcileDeps {
  layout: Layout;
  feed: Pick<FeedReader, 'offers' | 'told'>;
  jobs: Pick<Jobs, 'begin' | 'isBusy'>;
  marketplace: Pick<Marketplace, 'downloadUrl'>;
  tenantId: string;
  autoUpgrade: boolean;
  /** Whether the back-off after a deferred installation of this plugin is over. */
  mayInstall: (pluginId: string) => boolean;
  /** Why this host cannot take a version, as far as it knows without fetching it. */
  findObstacle: (entry: FeedEntry) => Promise<Problem | undefined>;
  tellObstacle: (entry: FeedEntry, obstacle: Problem) => Promise<void>;
  /** Why nothing that was signed is believed now; undefined while it is. */
  findBlock: () => Problem | undefined;
  /** Nothing keeps the plugin's newest version away. */
  endTrouble: (pluginId: string) => void;
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
  const all = [...Object.values(deps.feed.offers()), ...Object.values(deps.feed.told())];
  const plugins = new Set(all.map((entry) => entry.pluginId));
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
  const decision = decide(deps.feed.offers(), pluginId, deps.tenantId, installed);
  if (decision.kind === 'none') await explainSilence(deps, pluginId, installed);
  else if (await isPossible(deps, decision)) await applyDecision(deps, decision);
}

/** Nothing is offered: where that is because this host believes nothing now, its tenant is told of what it misses. */
async function explainSilence(
  deps: ReconcileDeps,
  pluginId: string,
  installed: InstalledState,
): Promise<void> {
  const block = deps.findBlock();
  const missed = block && decide(deps.feed.told(), pluginId, deps.tenantId, installed);
  if (missed?.kind !== 'install') return deps.endTrouble(pluginId);
  if (deps.autoUpgrade) await deps.tellObstacle(missed.entry, block!);
}

type Action = Exclude<Decision, { kind: 'none' }>;

/** A tenant may decline upgrades, and its host may be unable to; it may not keep what was withdrawn. */
async function isPossible(deps: ReconcileDeps, { kind, entry }: Action): Promise<boolean> {
  if (kind === 'return') return true;
  if (!deps.autoUpgrade) return false;
  const obstacle = await deps.findObstacle(entry);
  if (obstacle) await deps.tellObstacle(entry, obstacle);
  return !obstacle && deps.mayInstall(entry.pluginId);
}

async function applyDecision(deps: ReconcileDeps, { kind, entry }: Action): Promise<void> {
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

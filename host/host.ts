import { mkdir } from 'node:fs/promises';
import type { Logger } from 'pino';
import type { HostConfig } from './config';
import { openFeed, type FeedReader } from './follow/feed';
import { trustFeed } from './follow/trustedFeed';
import { followFeed, type Applied } from './followFeed';
import { openTrust, type Trust } from './trust/trust';
import { createFetch } from './download/fetchPackage';
import { createJobs, type Jobs } from './jobs/jobs';
import { createTroubles, type Trouble } from './jobs/troubles';
import type { JobOutcome } from './disk/jobRecord';
import { createKeyRing } from './marketplace/keyRing';
import { hostLayout, type Layout } from './disk/layout';
import { startDelivery, startLoop, type LinkState, type Loop } from './follow/loops';
import type { Marketplace } from './marketplace/marketplace';
import type { InstallServices } from './install/installation';
import { createMetrics, type HostMetrics } from './metrics';
import { createOutbox } from './marketplace/outbox';
import { createDeferrals } from './follow/deferrals';
import type { Detection } from './sandbox/detect';
import { createHealthRunner } from './sandbox/health';
import type { EndedJob } from './jobs/finishJob';
import type { Offers } from './follow/offers';

export interface HostDeps {
  config: HostConfig;
  marketplace: Marketplace;
  log: Logger;
  now: () => Date;
  random: () => number;
  /** What runs the code of plugins, and how it was found. */
  containment: Detection;
}

/** A running host. */
export interface Host {
  config: HostConfig;
  layout: Layout;
  marketplace: Marketplace;
  jobs: Jobs;
  metrics: HostMetrics;
  containment: Detection;
  offers(): Offers;
  /** What keeps versions from this host. */
  troubles(): Trouble[];
  /** Whether interrupted jobs were recovered, and how the last exchanges with the marketplace ended. */
  state(): {
    recovered: boolean;
    feed: LinkState;
    reports: LinkState;
    applied: Applied | null;
  };
  /** Resumes interrupted jobs, then follows the feed until it is stopped. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** Wires a host. Nothing runs before `start`. */
export async function createHost(given: HostDeps): Promise<Host> {
  const { config, marketplace, log, random } = given;
  const stopping = new AbortController();
  const parts = await buildParts(given, stopping.signal, (outcome) => {
    delivering?.wake();
    // The next step, if there is one, need not wait for the next poll of the feed.
    if (outcome !== 'deferred') following?.wake();
  });
  const { layout, feed, jobs, outbox, metrics, fetcher } = parts;
  const loops = { log, signal: stopping.signal, random };
  let recovered = false;
  let following: Loop | undefined;
  let delivering: Loop | undefined;

  return {
    config,
    layout,
    marketplace,
    jobs,
    metrics,
    containment: given.containment,
    offers: feed.offers,
    troubles: parts.troubles.list,
    state: () => ({
      recovered,
      feed: following?.state() ?? 'waiting',
      reports: delivering?.state() ?? 'waiting',
      applied: parts.progress.applied,
    }),
    async start() {
      await jobs.recover();
      recovered = true;
      delivering = startDelivery(loops, outbox);
      following = startLoop(
        'feed',
        loops,
        followFeed(given, parts, () => delivering?.wake()),
      );
    },
    async stop() {
      stopping.abort();
      await Promise.all([following?.done, delivering?.done, jobs.idle()]);
      await fetcher.close();
    },
  };
}

async function buildParts(
  { config, marketplace, log, now, random, containment }: HostDeps,
  signal: AbortSignal,
  onOutcome: (outcome: JobOutcome) => void,
) {
  const layout = hostLayout(config.folder);
  const { subscriptions, channel, allowedOrigins, maxPackageBytes } = config;
  const { reconcileSeconds } = config;
  const timing = { reconcileSeconds, clock: () => performance.now(), random };
  const told = await openFeed({ layout, marketplace, subscriptions, channel, ...timing });
  const { feed, endorsedKeys } = await withTrust({ config, log, now }, layout, told);
  const outbox = createOutbox(layout, marketplace);
  // Null before the first time.
  const progress: { applied: Applied | null } = { applied: null };
  const metrics = createMetrics({
    outbox: outbox.size,
    revision: feed.revision,
    appliedAt: () => progress.applied?.at ?? null,
    sandbox: containment.sandbox,
  });
  const deferrals = createDeferrals(() => now().getTime());
  const troubles = createTroubles(now);
  const fetcher = createFetch({ allowedOrigins, maxBytes: maxPackageBytes, authorization: tokenFor(config) });
  const publisherInFeed = (id: string) =>
    Object.values(feed.offers()).find((entry) => entry.pluginId === id)?.publisherId;
  const jobs = createJobs({
    services: {
      layout,
      hostVersion: config.hostVersion,
      minFreeBytes: config.minFreeBytes,
      now,
      download: fetcher.fetchPackage,
      ...createKeyRing(layout, marketplace, publisherInFeed),
      runHealth: createHealthRunner(containment.sandbox, { isKept: true }),
      isWithdrawn: feed.isWithdrawn,
      endorsedKeys,
      clock: marketplace.clock,
    },
    finishing: { layout, outbox, troubles, now },
    onPhase: (job) => (phase, ms, ok) => {
      log.info({ jobId: job.jobId, pluginId: job.pluginId, version: job.version, phase, ms, ok }, 'phase');
      metrics.phaseEnded(phase, ms, ok);
    },
    log,
    parallel: 2,
    signal,
    onEnd(ended) {
      logEnd(log, ended);
      metrics.jobEnded(ended);
      if (ended.pluginId !== undefined) deferrals.record(ended.pluginId, ended.outcome);
      onOutcome(ended.outcome);
    },
  });
  return { layout, feed, outbox, metrics, deferrals, troubles, fetcher, jobs, progress };
}

/** With a pinned root only what is signed counts; without one the marketplace is taken at its word. */
async function withTrust(
  { config, log, now }: Pick<HostDeps, 'config' | 'log' | 'now'>,
  layout: Layout,
  told: FeedReader,
): Promise<{ feed: FeedReader; endorsedKeys: InstallServices['endorsedKeys'] }> {
  const { trust: settings, subscriptions, channel, tenantId } = config;
  if (!settings) {
    log.warn(
      'the feed is not verified: the marketplace, and whoever answers in its name, is taken at its word',
    );
    return { feed: told, endorsedKeys: () => undefined };
  }
  await mkdir(layout.staging, { recursive: true });
  const trust: Trust = await openTrust({
    ...settings,
    file: layout.trust,
    staging: layout.staging,
    authorization: tokenFor(config),
    now,
  });
  const tenant = { tenantId, tenantKey: settings.tenantKey };
  const feed = trustFeed({ feed: told, trust, layout, subscriptions, channel, tenant, log });
  return { feed, endorsedKeys: (pluginId) => trust.releases()[pluginId]?.keys };
}

/** Only the marketplace is sent the tenant's token, never a host it redirects to. */
const tokenFor =
  ({ marketplace }: HostConfig) =>
  (url: URL): string | undefined =>
    url.origin === new URL(marketplace.apiUrl).origin ? `Bearer ${marketplace.token}` : undefined;

function logEnd(
  log: Logger,
  { job, outcome, pluginId, version, activeVersion, elapsedMs, failure }: EndedJob,
): void {
  const facts = { jobId: job.jobId, kind: job.kind, outcome, pluginId, version, activeVersion, elapsedMs };
  if (failure) log.warn({ ...facts, errorCode: failure.code, detail: failure.detail }, 'job ended');
  else log.info(facts, 'job ended');
}

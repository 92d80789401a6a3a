import type { Logger } from 'pino';
import type { HostConfig } from './config';
import { openFeed } from './follow/feed';
import { createFetch } from './download/fetchPackage';
import { createJobs, type Jobs } from './jobs/jobs';
import type { JobOutcome } from './jobs/journal';
import { createKeyRing } from './marketplace/keyRing';
import { hostLayout, type Layout } from './disk/layout';
import { startDelivery, startLoop, type LinkState, type Loop } from './follow/loops';
import type { Marketplace } from './marketplace/marketplace';
import { createMetrics, type HostMetrics } from './metrics';
import { createOutbox } from './marketplace/outbox';
import { createDeferrals } from './follow/deferrals';
import { reconcile } from './follow/reconcile';
import { runHealth } from './sandbox/sandbox';
import type { Ended } from './jobs/finishJob';
import { createSubscriber } from './follow/subscriber';
import type { Offers } from './follow/offers';

export interface HostParts {
  config: HostConfig;
  marketplace: Marketplace;
  log: Logger;
  now: () => Date;
  random: () => number;
}

/** A host at work. */
export interface Host {
  config: HostConfig;
  layout: Layout;
  marketplace: Marketplace;
  jobs: Jobs;
  metrics: HostMetrics;
  offers(): Offers;
  /** Whether crashes of the past are dealt with, and how the last talk with the marketplace went. */
  state(): { recovered: boolean; feed: LinkState; reports: LinkState };
  /** Takes up interrupted jobs, then follows the feed until it is stopped. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** Wires a host. Nothing runs before `start`. */
export async function createHost(given: HostParts): Promise<Host> {
  const { config, marketplace, log, random } = given;
  const stopping = new AbortController();
  const built = await buildParts(given, stopping.signal, (outcome) => {
    delivering?.wake();
    // The next step, if there is one, need not wait for the next look at the feed.
    if (outcome !== 'deferred') following?.wake();
  });
  const { layout, feed, jobs, outbox, metrics, fetcher } = built;
  const loops = { log, signal: stopping.signal, random };
  const follow = followFeed(given, built);
  let recovered = false;
  let following: Loop | undefined;
  let delivering: Loop | undefined;

  return {
    config,
    layout,
    marketplace,
    jobs,
    metrics,
    offers: feed.offers,
    state: () => ({
      recovered,
      feed: following?.state() ?? 'waiting',
      reports: delivering?.state() ?? 'waiting',
    }),
    async start() {
      await jobs.recover();
      recovered = true;
      delivering = startDelivery(loops, outbox);
      following = startLoop('feed', loops, follow);
    },
    async stop() {
      stopping.abort();
      await Promise.all([following?.done, delivering?.done, jobs.idle()]);
      await fetcher.close();
    },
  };
}

async function buildParts(
  { config, marketplace, log, now }: HostParts,
  signal: AbortSignal,
  onOutcome: (outcome: JobOutcome) => void,
) {
  const layout = hostLayout(config.folder);
  const { subscriptions, channel, allowedOrigins, maxPackageBytes } = config;
  const feed = await openFeed({ layout, marketplace, subscriptions, channel });
  const outbox = createOutbox(layout, marketplace);
  const metrics = createMetrics({ outbox: outbox.size, revision: feed.revision });
  const deferrals = createDeferrals(() => now().getTime());
  const fetcher = createFetch({ allowedOrigins, maxBytes: maxPackageBytes, authorization: tokenFor(config) });
  const publisherInFeed = (id: string) =>
    Object.values(feed.offers()).find((entry) => entry.pluginId === id)?.publisherId;
  const jobs = createJobs({
    services: {
      layout,
      hostVersion: config.hostVersion,
      now,
      download: fetcher.fetchPackage,
      ...createKeyRing(layout, marketplace, publisherInFeed),
      runHealth,
      isWithdrawn: feed.isWithdrawn,
    },
    settling: { layout, outbox, now },
    onPhase: (job) => (phase, ms, ok) => {
      log.info({ jobId: job.jobId, pluginId: job.pluginId, version: job.version, phase, ms, ok }, 'phase');
      metrics.phaseEnded(phase, ms, ok);
    },
    log,
    parallel: 2,
    signal,
    onEnd(ended) {
      tell(log, ended);
      metrics.jobEnded(ended);
      if (ended.pluginId !== undefined) deferrals.record(ended.pluginId, ended.outcome);
      onOutcome(ended.outcome);
    },
  });
  return { layout, feed, outbox, metrics, deferrals, fetcher, jobs };
}

/** One look at the feed, and what follows from it; returns the milliseconds until the next. */
function followFeed(
  { config, marketplace, log, now }: HostParts,
  built: Awaited<ReturnType<typeof buildParts>>,
) {
  const { subscriptions, channel, autoUpgrade, tenantId } = config;
  const { layout, feed, jobs, deferrals } = built;
  const subscribe = createSubscriber(marketplace, subscriptions, { channel, autoUpgrade });
  const parts = { layout, feed, jobs, marketplace, tenantId, autoUpgrade, now, log, isDue: deferrals.isDue };
  return async (): Promise<number> => {
    // What is known already is acted upon even while the marketplace is out of reach.
    const seconds = await feed.poll().finally(() => reconcile(parts));
    await subscribe(Object.values(feed.offers()).map((entry) => entry.pluginId));
    return Math.min(seconds, config.pollSeconds) * 1000;
  };
}

/** The tenant's token is for the marketplace alone, wherever it may redirect to. */
const tokenFor =
  ({ marketplace }: HostConfig) =>
  (url: URL): string | undefined =>
    url.origin === new URL(marketplace.apiUrl).origin ? `Bearer ${marketplace.token}` : undefined;

function tell(
  log: Logger,
  { job, outcome, pluginId, version, activeVersion, elapsedMs, failure }: Ended,
): void {
  const facts = { jobId: job.jobId, kind: job.kind, outcome, pluginId, version, activeVersion, elapsedMs };
  if (failure) log.warn({ ...facts, errorCode: failure.code, detail: failure.detail }, 'job ended');
  else log.info(facts, 'job ended');
}

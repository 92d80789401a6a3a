import type { Logger } from 'pino';
import type { HostConfig } from './config';
import { openFeed } from './feed';
import { createFetch } from './fetchPackage';
import { createJobs, type Jobs } from './jobs';
import { createKeyRing } from './keyRing';
import { hostLayout, type Layout } from './layout';
import { startDelivery, startLoop, type LinkState } from './loops';
import type { Marketplace } from './marketplace';
import { createMetrics, type HostMetrics } from './metrics';
import { createOutbox } from './outbox';
import { createPatience } from './patience';
import { reconcile } from './reconcile';
import { runHealth } from './sandbox';
import type { Ended } from './settle';
import { createSubscriber } from './subscriber';
import type { Offers } from './wanted';

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
export async function createHost({ config, marketplace, log, now, random }: HostParts): Promise<Host> {
  const layout = hostLayout(config.folder);
  const { subscriptions, channel, allowedOrigins } = config;
  const feed = await openFeed({ layout, marketplace, subscriptions, channel });
  const outbox = createOutbox(layout, marketplace);
  const metrics = createMetrics({ outbox: outbox.size, revision: feed.revision });
  const patience = createPatience(() => now().getTime());
  const stopping = new AbortController();
  const loops = { log, signal: stopping.signal, random };
  const fetcher = createFetch({
    allowedOrigins,
    maxBytes: config.maxPackageBytes,
    authorization: tokenFor(config),
  });
  const publisherInFeed = (id: string) =>
    Object.values(feed.offers()).find((entry) => entry.pluginId === id)?.publisherId;
  let recovered = false;
  let following: ReturnType<typeof startLoop> | undefined;
  let delivering: ReturnType<typeof startLoop> | undefined;

  const onEnd = (ended: Ended): void => {
    tell(log, ended);
    metrics.jobEnded(ended);
    delivering?.wake();
    const { pluginId, outcome } = ended;
    if (pluginId === undefined) return;
    if (outcome === 'deferred') return patience.putOff(pluginId);
    patience.forget(pluginId);
    // The next step, if there is one, need not wait for the next look at the feed.
    following?.wake();
  };

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
    signal: stopping.signal,
    onEnd,
  });

  const subscribe = createSubscriber(marketplace, subscriptions, {
    channel,
    autoUpgrade: config.autoUpgrade,
  });
  const parts = { layout, feed, jobs, marketplace, now, log, isDue: patience.isDue, ...config };
  const follow = async (): Promise<number> => {
    const seconds = await feed.poll();
    await reconcile(parts);
    await subscribe(Object.values(feed.offers()).map((entry) => entry.pluginId));
    return Math.min(seconds, config.pollSeconds) * 1000;
  };

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
      await Promise.all([following?.done, delivering?.done]);
      await fetcher.close();
    },
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

import type { Logger } from 'pino';
import type { FeedEntry } from '../contracts/rollouts/feed';
import type { Problem } from '../core/errors/errors';
import type { HostConfig } from './config';
import type { Layout } from './disk/layout';
import type { createDeferrals } from './follow/deferrals';
import type { FeedReader } from './follow/feed';
import { blameClock, findObstacle, tellObstacle } from './follow/obstacles';
import { reconcile } from './follow/reconcile';
import { createSubscriber } from './follow/subscriber';
import type { Jobs } from './jobs/jobs';
import type { Troubles } from './jobs/troubles';
import type { Marketplace } from './marketplace/marketplace';
import type { Outbox } from './marketplace/outbox';

const SHORTEST_POLL_SECONDS = 0.1;

/** The revision of the feed that was acted on last, and when. */
export interface Applied {
  revision: number;
  at: Date;
}

interface Following {
  config: HostConfig;
  marketplace: Marketplace;
  log: Logger;
  now: () => Date;
}

interface Parts {
  layout: Layout;
  feed: FeedReader;
  jobs: Jobs;
  outbox: Outbox;
  troubles: Troubles;
  deferrals: ReturnType<typeof createDeferrals>;
  progress: { applied: Applied | null };
}

/** Polls the feed once and acts on it; returns the milliseconds until the next poll. */
export function followFeed(
  { config, marketplace, log, now }: Following,
  { layout, feed, jobs, deferrals, troubles, outbox, progress }: Parts,
  onTold: () => void,
): () => Promise<number> {
  const { subscriptions, channel, autoUpgrade, tenantId } = config;
  const telling = { layout, troubles, outbox, now, log, onTold };
  const subscribe = createSubscriber(marketplace, subscriptions, { channel, autoUpgrade });
  const parts = {
    ...{ layout, feed, jobs, marketplace, tenantId, autoUpgrade, now, log },
    mayInstall: deferrals.isDue,
    findObstacle: (entry: FeedEntry) => findObstacle({ layout, ...config }, entry),
    tellObstacle: (entry: FeedEntry, obstacle: Problem) => tellObstacle(telling, entry, obstacle),
    findBlock: () => block,
    endTrouble: troubles.end,
  };
  let block: Problem | undefined;
  return async () => {
    const polled = feed.poll();
    block = await polled.then(
      () => undefined,
      (error: unknown) => blameClock(error, marketplace.clock),
    );
    // Known offers are acted on even while the marketplace is unreachable.
    const seconds = await polled.finally(() => reconcile(parts));
    progress.applied = { revision: feed.revision(), at: now() };
    await subscribe(Object.values(feed.offers()).map((entry) => entry.pluginId));
    const delayMs = getPollDelayMs(seconds, config.pollSeconds);
    // What was put off is tried again when its time has come, however seldom the marketplace wants to be asked.
    return Math.min(delayMs, Math.max(deferrals.untilDue() ?? delayMs, SHORTEST_POLL_SECONDS * 1000));
  };
}

/** What the marketplace asks for, within what is sensible: never longer than set, and never without a pause. */
const getPollDelayMs = (asked: number, longest: number): number =>
  Math.min(Number.isNaN(asked) ? longest : Math.max(asked, SHORTEST_POLL_SECONDS), longest) * 1000;

import { Refusal } from '../../core/errors/errors';
import type { Subscription } from '../../contracts/notifications/subscriptions';
import type { Subscriptions } from './feed';
import type { Marketplace } from '../marketplace/marketplace';

/**
 * Subscribes the tenant to plugins as they appear: a plugin that has no published version yet is tried
 * again each time.
 */
export function createSubscriber(
  marketplace: Pick<Marketplace, 'subscribe' | 'listedPlugins'>,
  selection: Subscriptions,
  settings: Subscription,
) {
  const done = new Set<string>();
  return async (seen: Iterable<string>): Promise<void> => {
    const ids = selection === 'all' ? [...seen, ...(await marketplace.listedPlugins())] : selection;
    for (const pluginId of new Set(ids)) {
      if (done.has(pluginId)) continue;
      if (await accepted(marketplace.subscribe(pluginId, settings))) done.add(pluginId);
    }
  };
}

async function accepted(answer: Promise<void>): Promise<boolean> {
  try {
    await answer;
    return true;
  } catch (error) {
    if (error instanceof Refusal && error.code === 'NOT_FOUND') return false;
    throw error;
  }
}

import { Refusal, refusal } from '../../core/errors/errors';
import type { InstallServices } from '../install/installation';
import type { Layout } from '../disk/layout';
import type { Marketplace } from './marketplace';
import { pinPublisher, readPluginState } from '../disk/pluginState';

/**
 * Whose keys a plugin's packages must be signed with: those of the publisher that the first verified
 * package came from (trust on first use). The publisher's current keys are asked for each time, so that
 * it can change them; those of the last time serve while the marketplace is out of reach.
 *
 * @param publisherInFeed the publisher that the feed names for a plugin
 */
export function createKeyRing(
  layout: Layout,
  marketplace: Pick<Marketplace, 'publisherKeys'>,
  publisherInFeed: (pluginId: string) => string | undefined,
): Pick<InstallServices, 'trustedKeys' | 'trust'> {
  return {
    async trustedKeys(pluginId, announced) {
      const { publisher: pinned } = await readPluginState(layout.plugin(pluginId));
      const publisherId = announced ?? pinned?.publisherId ?? publisherInFeed(pluginId);
      if (publisherId === undefined) {
        throw refusal('SIGNATURE_UNKNOWN_KEY', `Nobody is known to publish ${pluginId}.`);
      }
      if (pinned && pinned.publisherId !== publisherId) {
        const detail = `${pluginId} was published by ${pinned.publisherId} and now by ${publisherId}.`;
        throw refusal('PUBLISHER_CHANGED', detail);
      }
      const keys = await marketplace.publisherKeys(publisherId).catch((error: unknown) => {
        if (pinned && error instanceof Refusal && error.code === 'UNAVAILABLE') return pinned.keys;
        throw error;
      });
      return { publisherId, keys };
    },
    trust: (pluginId, keys) => pinPublisher(layout.plugin(pluginId), keys),
  };
}

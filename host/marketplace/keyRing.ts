import { Refusal, refusal } from '../../core/errors/errors';
import { findTrouble } from '../../core/rollouts/failureKinds';
import type { Layout } from '../disk/layout';
import type { Marketplace, PublisherKey } from './marketplace';
import { pinPublisher, readPluginState } from '../disk/pluginState';

/** Keys that packages of a plugin may be signed with, and whose they are. */
export interface TrustedKeys {
  publisherId: string;
  keys: PublisherKey[];
}

export interface KeyRing {
  /** @throws Refusal with SIGNATURE_UNKNOWN_KEY or PUBLISHER_CHANGED */
  trustedKeys: (pluginId: string, publisherId?: string) => Promise<TrustedKeys>;
  /** Binds the plugin to the publisher whose signature was verified. */
  trust: (pluginId: string, keys: TrustedKeys) => Promise<void>;
}

/**
 * Whose keys a plugin's packages must be signed with: those of the publisher that the first verified
 * package came from (trust on first use). The publisher's current keys are fetched each time, so that it
 * can change them; the last known ones are used while the marketplace is unreachable.
 *
 * @param publisherInFeed the publisher that the feed names for a plugin
 */
export function createKeyRing(
  layout: Layout,
  marketplace: Pick<Marketplace, 'publisherKeys'>,
  publisherInFeed: (pluginId: string) => string | undefined,
): KeyRing {
  return {
    async trustedKeys(pluginId, announced) {
      const { publisher: pinned } = await readPluginState(layout.plugin(pluginId));
      const publisherId = announced ?? pinned?.publisherId ?? publisherInFeed(pluginId);
      if (publisherId === undefined) {
        throw refusal('SIGNATURE_UNKNOWN_KEY', `The publisher of ${pluginId} is not known.`);
      }
      if (pinned && pinned.publisherId !== publisherId) {
        const detail = `${pluginId} was published by ${pinned.publisherId} before, and now by ${publisherId}.`;
        throw refusal('PUBLISHER_CHANGED', detail);
      }
      const keys = await marketplace.publisherKeys(publisherId).catch((error: unknown) => {
        if (pinned && error instanceof Refusal && error.code === 'UNAVAILABLE') return pinned.keys;
        throw blameTheMarketplace(error);
      });
      return { publisherId, keys };
    },
    trust: (pluginId, keys) => pinPublisher(layout.plugin(pluginId), keys),
  };
}

/** That its keys could not be had says nothing about the version, whatever the answer was. */
const blameTheMarketplace = (error: unknown): unknown =>
  error instanceof Refusal && findTrouble(error.code) !== 'ours'
    ? refusal('UNAVAILABLE', error.message)
    : error;

import { catalogueClient } from './catalogue/catalogue';
import { trustClient } from './distribution/trust';
import { resolveOptions, type ClientOptions } from './http/options';
import { createTransport } from './http/transport';
import { identityClient } from './identity/identities';
import { keysClient } from './identity/keys';
import { tokensClient } from './identity/tokens';
import { installationsClient } from './installations/installations';
import { notificationsClient } from './notifications/notifications';
import { subscriptionsClient } from './notifications/subscriptions';
import { operationsClient } from './operations/links';
import { restrictionsClient } from './operations/restrictions';
import { releasesClient } from './releases/releases';
import { reviewsClient } from './reviews/reviews';
import { rolloutsClient } from './rollouts/rollouts';

/**
 * A typed client of the marketplace for command line, host and third parties, grouped by what it is about:
 * `client.releases.publish(…)`, `client.reviews.decide(…)`.
 *
 * Every failure is a Refusal with the server's problems (`originOf` tells status and requestId).
 * Temporary ones have been tried again by then; no other 4xx ever is.
 */
export function createClient(options: ClientOptions) {
  const transport = createTransport(resolveOptions(options));
  return {
    releases: releasesClient(transport),
    reviews: reviewsClient(transport),
    rollouts: rolloutsClient(transport),
    installations: installationsClient(transport),
    identity: identityClient(transport),
    keys: keysClient(transport),
    tokens: tokensClient(transport),
    notifications: notificationsClient(transport),
    subscriptions: subscriptionsClient(transport),
    catalogue: catalogueClient(transport),
    trust: trustClient(transport),
    restrictions: restrictionsClient(transport),
    operations: operationsClient(transport),
  };
}

export type Client = ReturnType<typeof createClient>;

import { entry, EXIT, type CatalogueEntry } from './entry';

/** What tenants are offered. */
// prettier-ignore
export const rolloutsErrors = {
  ROLLOUT_NOT_ACTIVE: entry(404, EXIT.refused, 'No active rollout', 'Check the state of the release.'),
  NOT_IN_STAGE: entry(403, EXIT.refused, 'Not in current rollout stage', 'Try again after the number of seconds in Retry-After.'),
  VERSION_WITHDRAWN: entry(410, EXIT.refused, 'The version was withdrawn', 'Install the newest listed version.'),
  FEED_REVISION_UNKNOWN: entry(400, EXIT.usage, 'The feed has not reached this revision', 'Start again with since=0.'),
} as const satisfies Record<string, CatalogueEntry>;

import { entry, EXIT, type CatalogueEntry } from './entry';

/** What tenants are offered. */
// prettier-ignore
export const rolloutsErrors = {
  ROLLOUT_NOT_ACTIVE: entry(404, EXIT.refused, 'No active rollout', 'Check the state of the release.'),
  NOT_IN_STAGE: entry(403, EXIT.refused, 'Not in current rollout stage', 'Try again after the number of seconds in Retry-After.'),
  VERSION_WITHDRAWN: entry(410, EXIT.refused, 'The version was withdrawn', 'Install the newest listed version.'),
  FEED_REVISION_UNKNOWN: entry(400, EXIT.usage, 'The feed has not reached this revision', 'Start again with since=0.'),
  COMMAND_UNKNOWN: entry(403, EXIT.auth, 'There is no such command on record', 'Pause, resume or abort by the API; a message to the workflow alone has no effect.'),
  COMMAND_EXPIRED: entry(409, EXIT.conflict, 'The command has expired', 'Look at the rollout and give the command again.'),
} as const satisfies Record<string, CatalogueEntry>;

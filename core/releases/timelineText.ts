import type { ReleaseState } from './state';

/** What reaching a state means, in words for the release's timeline. */
const arrivals: Record<ReleaseState, string> = {
  draft: 'The release was drafted',
  uploading: 'The submission was accepted; the package may be uploaded',
  scanning: 'The upload is complete; the scanners look at the package',
  in_review: 'The scanners have let the package pass; it waits for a reviewer',
  changes_requested: 'The reviewer asks for changes',
  approved: 'A reviewer approved the release',
  scheduled: 'The release is scheduled',
  listed: 'The version is listed in the catalogue',
  rolling_out: 'The rollout is running',
  paused: 'The rollout is paused',
  completed: 'The rollout is complete; every tenant is offered the version',
  rolled_back: 'The version was rolled back',
  rejected: 'The release was rejected',
  withdrawn: 'The release was withdrawn',
  quarantined: 'The release was put into quarantine',
  expired: 'The release expired',
  failed: 'The release failed',
};

/** One sentence about a change of state; a reason, when there is one, follows in its own words. */
export function describeTransition(from: ReleaseState, to: ReleaseState, reason?: string): string {
  const arrival = from === 'paused' && to === 'rolling_out' ? 'The rollout goes on' : arrivals[to];
  return reason ? `${arrival}: ${reason}` : `${arrival}.`;
}

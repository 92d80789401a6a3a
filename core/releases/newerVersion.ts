import { isNewer, newest } from '../version';
import type { ReleaseState } from './state';
import { hasReached } from './supersession';

/** A version of a plugin, as far as its place among the others goes. */
export interface VersionState {
  version: string;
  channel: string;
  state: ReleaseState;
}

/**
 * The newest version that tenants may install in place of this one: newer, and of the same channel. Undefined
 * where there is none. The rollout of an older version goes on beside it, which is why its state does not tell.
 */
export function findNewerVersion(
  { version, channel }: Omit<VersionState, 'state'>,
  known: readonly VersionState[],
): VersionState | undefined {
  const newer = known.filter(
    (each) => each.channel === channel && hasReached(each.state, 'listed') && isNewer(each.version, version),
  );
  const found = newest(newer.map((each) => each.version));
  return newer.find((each) => each.version === found);
}

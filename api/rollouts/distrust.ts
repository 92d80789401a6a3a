import { holdSignedVersions } from '../../adapters/db/rollouts/holds';
import type { RouteDependencies } from '../http/dependencies';
import type { DistrustHandler } from '../identity/revocation';
import { pauseWithheld } from './workflow';

/**
 * What follows from distrusting a key: its versions are held, and their rollouts paused by a command each. A
 * rollout that is not reached goes no further either: no stage begins while the version is held.
 */
export const createDistrust = (
  deps: Pick<RouteDependencies, 'db' | 'engine' | 'now' | 'logger'>,
): DistrustHandler => ({
  hold: holdSignedVersions,
  stop: (held, origin) =>
    pauseWithheld(
      deps,
      held.filter(({ state }) => state === 'rolling_out'),
      origin,
    ),
});

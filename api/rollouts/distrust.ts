import { holdSignedVersions } from '../../adapters/db/rollouts/holds';
import type { RouteDependencies } from '../http/dependencies';
import type { DistrustHandler } from '../identity/revocation';
import { sendRolloutAction } from './workflow';

/**
 * What follows from distrusting a key: its versions are held, and their rollouts paused by a command each. A
 * rollout that is not reached goes no further either: no stage begins while the version is held.
 */
export const createDistrust = (
  deps: Pick<RouteDependencies, 'db' | 'engine' | 'now' | 'logger'>,
): DistrustHandler => ({
  hold: holdSignedVersions,
  async stop(held, origin) {
    for (const { releaseId, versionId, state } of held) {
      if (state !== 'rolling_out') continue;
      await sendRolloutAction(deps, { releaseId, versionId }, 'pause', origin).catch((error: unknown) => {
        deps.logger.error({ err: error, versionId }, 'the rollout of a held version could not be paused');
      });
    }
  },
});

import { countListed } from '../../adapters/db/releases/restrictions';
import { imposeRestriction } from '../../adapters/db/rollouts/restricting';
import { listRunningRollouts } from '../../adapters/db/rollouts/rollouts';
import { describeRevocation } from '../../core/releases/restrictions';
import type { RouteDependencies } from '../http/dependencies';
import type { DistrustHandler } from '../identity/revocation';
import { pauseWithheld } from './workflow';

/**
 * What follows from distrusting a key: a restriction of what it signed, and a command to pause for each rollout. A
 * rollout that is not reached goes no further either: it pauses when it is evaluated, and no stage begins while the
 * version is withheld.
 */
export const createDistrust = (
  deps: Pick<RouteDependencies, 'db' | 'engine' | 'now' | 'logger'>,
): DistrustHandler => ({
  async restrict(trx, { publisherId, fingerprint, reason }, origin, now) {
    const subject = { kind: 'quarantine', subjectKind: 'key', subjectId: fingerprint, publisherId } as const;
    const why = { reason: describeRevocation(reason), expiresAt: null, cause: 'revocation' } as const;
    await imposeRestriction(trx, { ...subject, ...why }, origin, now);
  },
  async stop(fingerprint, caller) {
    const subject = { subjectKind: 'key', subjectId: fingerprint } as const;
    await pauseWithheld(deps, listRunningRollouts(deps.db, subject), caller);
    return countListed(deps.db, subject);
  },
});

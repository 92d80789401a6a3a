import { recordEntry } from '../../adapters/db/releases/notes';
import { readRelease } from '../../adapters/db/releases/record';
import { findPreviousVersion } from '../../adapters/db/releases/releases';
import { queueForReporters } from '../../adapters/db/rollouts/audiences';
import { rolledBack } from '../../core/rollouts/notices';
import { describeAlert } from '../../core/rollouts/timeline';
import { withFailures } from '../failures';
import { withHeartbeat } from '../heartbeat';
import { queueAndDeliver, queueOne, type OutboxDeps } from '../notifications/outbox';
import type { RolloutNoticeActivities } from './types';

/** Alerts everyone whom a rollback concerns. */
export function createRolloutNoticeActivities(deps: OutboxDeps): RolloutNoticeActivities {
  const { db, clock } = deps;
  return withFailures<RolloutNoticeActivities>({
    alertRollback: ({ releaseId, reason, remaining }) =>
      withHeartbeat(async (heartbeat) => {
        const release = await readRelease(db, releaseId);
        const previousVersion = await findPreviousVersion(db, release);
        const body = rolledBack({ ...release, previousVersion }, { reason, remaining });
        const notice = { releaseId, occasion: 'rolled_back', body };
        await queueOne(deps, { kind: 'publisher', id: release.publisherId }, notice);
        await queueOne(deps, { kind: 'operator', id: 'operators' }, notice);
        const alerted = await queueAndDeliver(
          deps,
          releaseId,
          (slice, now) => queueForReporters(db, release.versionId, { ...notice, ...slice }, now),
          heartbeat,
        );
        await recordEntry(db, releaseId, describeAlert(alerted), clock());
      }),
  });
}

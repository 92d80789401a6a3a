import { recordEntry } from '../../adapters/db/releases/notes';
import { readRelease } from '../../adapters/db/releases/record';
import { readProblems } from '../../adapters/db/releases/releases';
import { queueForSubscribers } from '../../adapters/db/notifications/audience';
import { releaseEnded, versionListed } from '../../core/releases/notices';
import { describeNotified } from '../../core/releases/timeline';
import { withFailures } from '../failures';
import { withHeartbeat } from '../heartbeat';
import { deliver, queueAndDeliver, queueOne, type OutboxDeps } from '../notifications/outbox';
import type { ReleaseNoticeActivities } from './types';

/** Tells subscribers of a listed version, and the publisher of a release that was not listed. */
export function createReleaseNoticeActivities(deps: OutboxDeps): ReleaseNoticeActivities {
  const { db, clock } = deps;
  return withFailures<ReleaseNoticeActivities>({
    notifySubscribers: (releaseId) =>
      withHeartbeat(async (heartbeat) => {
        const release = await readRelease(db, releaseId);
        const notice = { releaseId, occasion: 'listed', body: versionListed(release) };
        const notified = await queueAndDeliver(
          deps,
          releaseId,
          (slice, now) => queueForSubscribers(db, release, { ...notice, ...slice }, now),
          heartbeat,
        );
        await recordEntry(db, releaseId, describeNotified(notified), clock());
        return { notified };
      }),
    notifyPublisher: ({ releaseId, outcome }) =>
      withHeartbeat(async (heartbeat) => {
        const release = await readRelease(db, releaseId);
        const reasons = (await readProblems(db, releaseId)).map(({ detail }) => detail);
        const body = releaseEnded(release, outcome, reasons);
        const recipient = { kind: 'publisher', id: release.publisherId } as const;
        await queueOne(deps, recipient, { releaseId, occasion: outcome, body });
        await deliver(deps, releaseId, heartbeat);
      }),
  });
}

import type { Knex } from 'knex';
import type { Submission } from '../contracts/messages';
import { registerSubmission } from '../adapters/db/register';
import type { ReleaseRecord } from '../adapters/db/releaseRecord';
import { isRetryable, Refusal } from '../core/errors';
import { withFailures } from './failures';
import type { CheckedRelease, RegisterReply, RegistrationActivities, ReleaseTimings } from './types';

export interface RegistrationDeps {
  db: Knex;
  clock: () => Date;
  timings: ReleaseTimings;
}

/** Registers submissions; the publisher's mistakes are answers, only our troubles are thrown. */
export function createRegistrationActivities({
  db,
  clock,
  timings,
}: RegistrationDeps): RegistrationActivities {
  async function registerRelease(submission: Submission): Promise<RegisterReply> {
    try {
      const { outcome, release } = await registerSubmission(db, submission, timings, clock());
      if (outcome === 'repeated') return { outcome, receipt: release.receipt };
      return { outcome, release: checkedRelease(release, submission, timings) };
    } catch (error) {
      if (!(error instanceof Refusal) || isRetryable(error.code)) throw error;
      return { outcome: 'refused', problems: [...error.problems] };
    }
  }
  return withFailures({ registerRelease });
}

function checkedRelease(
  release: ReleaseRecord,
  { actor, requestId }: Submission,
  timings: ReleaseTimings,
): CheckedRelease {
  const { releaseId, versionId, pluginId, version, channel, publisherId, packageSha256, receipt } = release;
  return {
    ...{ releaseId, versionId, pluginId, version, channel, publisherId, packageSha256, receipt },
    origin: { actor, requestId },
    timings,
  };
}

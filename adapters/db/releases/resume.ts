import type { Knex } from 'knex';
import type { Resumption } from '../../../contracts/releases/messages';
import { refusal } from '../../../core/errors/errors';
import { formatVersionId } from '../../../core/ids';
import { readRelease, type ReleaseRecord } from './record';

/**
 * The release that a run takes up, with the id of the request that submitted it.
 *
 * @throws Refusal RELEASE_NOT_FOUND; SUBMISSION_UNKNOWN when it was not submitted as the message says
 */
export async function readResumed(
  knex: Knex,
  { resumes, publisherId, submissionDigest, request }: Resumption,
): Promise<{ release: ReleaseRecord; requestId: string }> {
  const release = await readRelease(knex, resumes);
  const isSame =
    release.publisherId === publisherId &&
    release.submissionDigest === submissionDigest &&
    release.publishRequestId === request.publishRequestId &&
    release.versionId === formatVersionId(request.pluginId, request.version);
  if (!isSame) throw refusal('SUBMISSION_UNKNOWN', `${publisherId} did not submit the release ${resumes}.`);
  const first = await knex('release_transitions')
    .where({ release_id: resumes })
    .orderBy('seq')
    .first('request_id');
  return { release, requestId: first?.request_id ?? release.publishRequestId };
}

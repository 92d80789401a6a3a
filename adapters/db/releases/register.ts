import type { Knex } from 'knex';
import type { Submission } from '../../../contracts/workflowMessages';
import { problem, Refusal, refuseIfAny } from '../../../core/errors/errors';
import { versionIdOf } from '../../../core/ids';
import { isTerminal } from '../../../core/releases/state';
import { checkRepetition } from '../../../core/releases/submission';
import { findObjections } from './registerChecks';
import { lockPlugin, writeSubmission } from './registerWrites';
import { findLatestRelease, type ReleaseRecord } from './record';
import { inTransaction, isForeignKeyViolation, isUniqueViolation } from '../transaction';

export interface Registration {
  /** `repeated`: accepted before, and its release has ended. */
  outcome: 'registered' | 'repeated';
  release: ReleaseRecord;
}

/**
 * Accepts a submission: one transaction that writes plugin, version, release, review and the first
 * transition, or nothing. The same submission again gives the same release, so a retry and twenty
 * parallel calls land on one row (API-32); other content is a conflict (PRE-03, TST-10). A version
 * that was never listed may be submitted anew once its release has ended.
 *
 * @throws Refusal with everything that speaks against it
 */
export async function registerSubmission(
  knex: Knex,
  submission: Submission,
  { slaMs }: { slaMs: number },
  now: Date,
): Promise<Registration> {
  try {
    return await inTransaction(knex, (trx) => registerIn(trx, submission, slaMs, now));
  } catch (error) {
    throw asRefusal(error, submission);
  }
}

async function registerIn(
  trx: Knex.Transaction,
  submission: Submission,
  slaMs: number,
  now: Date,
): Promise<Registration> {
  const { request } = submission;
  const versionId = versionIdOf(request.pluginId, request.version);
  await lockPlugin(trx, submission, now);
  const latest = await findLatestRelease(trx, versionId);
  const accepted = latest && repetitionOf(latest, submission);
  if (accepted) return accepted;
  refuseIfAny(await findObjections(trx, submission, now));
  await writeSubmission(trx, submission, { previousSubmissions: latest?.submission ?? 0, slaMs }, now);
  const release = await findLatestRelease(trx, versionId);
  if (!release) throw new Error(`The release of ${versionId} is not there after it was written.`);
  return { outcome: 'registered', release };
}

/**
 * What an earlier release of the version means for this submission: an answer when it is the same,
 * nothing when it has ended unlisted and this is a new attempt, else a refusal.
 */
function repetitionOf(latest: ReleaseRecord, submission: Submission): Registration | undefined {
  const { publishRequestId } = submission.request;
  const again = { publishRequestId, submissionDigest: submission.submissionDigest };
  const ended = isTerminal(latest.state);
  const isSameRequest = latest.publishRequestId === publishRequestId;
  if (ended && latest.listedAt === null && !isSameRequest) return undefined;
  // Another publisher learns nothing of this release; the ownership rule refuses them.
  if (latest.publisherId !== submission.publisherId) return undefined;
  refuseIfAny(checkRepetition(latest.versionId, latest, again));
  return { outcome: ended ? 'repeated' : 'registered', release: latest };
}

/** What the constraints found: nobody of that name, or two versions that raced for one request id. */
function asRefusal(error: unknown, { publisherId, request }: Submission): unknown {
  if (isForeignKeyViolation(error, 'plugins_publisher_id_foreign')) {
    const detail = `The publisher ${publisherId} is not registered.`;
    return new Refusal([problem('PUBLISHER_UNKNOWN', detail, '/publisherId')], { cause: error });
  }
  if (!isUniqueViolation(error, 'releases_publisher_id_publish_request_id_unique')) return error;
  const detail = `publishRequestId ${request.publishRequestId} was used for another submission.`;
  return new Refusal([problem('REQUEST_ID_REUSED', detail, '/publishRequestId')], { cause: error });
}

import type { Knex } from 'knex';
import type { Submission } from '../../../contracts/releases/messages';
import { problem, Refusal, refuseIfAny } from '../../../core/errors/errors';
import { formatVersionId } from '../../../core/ids';
import { belongsToAnother } from '../../../core/releases/ownership';
import { judgeSubmission } from '../../../core/releases/submission';
import { findExcess, judgeStanding, readStanding } from './registerChecks';
import { lockName, takeName } from './names';
import { lockPublisher, writeSubmission, type SubmissionTimings } from './registerWrites';
import { findLatestRelease, type ReleaseRecord } from './record';
import { inTransaction, isCheckViolation, isForeignKeyViolation, isUniqueViolation } from '../transaction';

export interface Registration {
  /** `resumed`: accepted before, and its release is on its way; `repeated`: accepted before, and it has ended. */
  outcome: 'registered' | 'resumed' | 'repeated';
  release: ReleaseRecord;
}

/**
 * Accepts a submission: one transaction that writes plugin, version, release, review and the first
 * transition, or nothing. The same submission again returns the same release, so a retry and twenty
 * parallel calls meet in one row (API-32); other content is a conflict (PRE-03, TST-10). A version
 * that was never listed may be submitted again once its release has ended.
 *
 * @throws Refusal with everything that speaks against it
 */
export async function registerSubmission(
  knex: Knex,
  submission: Submission,
  timings: SubmissionTimings,
  now: Date,
): Promise<Registration> {
  try {
    return await inTransaction(knex, (trx) => registerIn(trx, submission, timings, now));
  } catch (error) {
    throw asRefusal(error, submission);
  }
}

async function registerIn(
  trx: Knex.Transaction,
  submission: Submission,
  timings: SubmissionTimings,
  now: Date,
): Promise<Registration> {
  const { request } = submission;
  const versionId = formatVersionId(request.pluginId, request.version);
  const uploadDeadline = new Date(now.getTime() + timings.uploadTimeoutMs);
  const name = await lockName(trx, submission, uploadDeadline, now);
  const latest = await findLatestRelease(trx, versionId);
  const accepted = latest && findRepetition(latest, submission, now);
  if (accepted) return accepted;
  const standing = await readStanding(trx, submission, now);
  refuseIfAny(judgeStanding(submission, standing, now));
  const taken = { name, last: standing.turn, deadline: uploadDeadline };
  const nameTurn = await takeName(trx, submission, taken, now);
  const numbers = { previousSubmissions: latest?.submission ?? 0, nameTurn };
  await writeSubmission(trx, submission, { ...numbers, uploadDeadline, slaMs: timings.slaMs }, now);
  const release = await findLatestRelease(trx, versionId);
  if (!release) throw new Error(`The release of ${versionId} is not there after it was written.`);
  // Last, because the publisher's other submissions wait from here until this one is committed.
  await lockPublisher(trx, submission);
  refuseIfAny(await findExcess(trx, submission, now));
  return { outcome: 'registered', release };
}

/** The answer to a submission that was accepted before; undefined for a new one. @throws Refusal */
function findRepetition(last: ReleaseRecord, submission: Submission, now: Date): Registration | undefined {
  const { publisherId, submissionDigest, request } = submission;
  const { publishRequestId, channel, artefact } = request;
  const again = { publisherId, submissionDigest, publishRequestId };
  const about = { channel, packageSha256: artefact.sha256 };
  const verdict = judgeSubmission(last, { ...again, ...about }, now);
  if (verdict.outcome === 'refused') throw new Refusal(verdict.problems);
  if (verdict.outcome === 'new') return undefined;
  return { outcome: verdict.hasEnded ? 'repeated' : 'resumed', release: last };
}

/** What the constraints found: nobody of that name, a plugin that is somebody's, or two versions that raced for one request id. */
function asRefusal(error: unknown, { publisherId, request }: Submission): unknown {
  if (isForeignKeyViolation(error, 'plugins_publisher_id_foreign')) {
    const detail = `The publisher ${publisherId} is not registered.`;
    return new Refusal([problem('PUBLISHER_UNKNOWN', detail, '/publisherId')], { cause: error });
  }
  if (isCheckViolation(error, 'plugins_owner_lasts'))
    return new Refusal([belongsToAnother(request.pluginId)], { cause: error });
  if (!isUniqueViolation(error, 'releases_publisher_id_publish_request_id_unique')) return error;
  const detail = `publishRequestId ${request.publishRequestId} was already used for another submission.`;
  return new Refusal([problem('REQUEST_ID_REUSED', detail, '/publishRequestId')], { cause: error });
}

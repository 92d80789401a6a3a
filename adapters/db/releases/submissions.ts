import { createHash } from 'node:crypto';
import type { Knex } from 'knex';
import type { Submission } from '../../../contracts/releases/messages';
import type { PublishRequest } from '../../../contracts/releases/publish';
import { canonicalJson } from '../../../core/canonicalJson';
import { HOUR } from '../../../core/duration';
import { refuseIfAny } from '../../../core/errors/errors';
import { checkSubmitted } from '../../../core/releases/submission';

/** A call that the workflow engine has not brought to a worker by then is void, in milliseconds. */
const SUBMISSION_LIFETIME_MS = HOUR;

/**
 * SHA-256 over the canonical JSON of publisher and content: everything submitted but the request id. The
 * publisher is part of it: equal content of two is no repetition.
 */
export function digestSubmission(publisherId: string, request: PublishRequest): string {
  const content = { ...request, publishRequestId: undefined };
  return createHash('sha256').update(canonicalJson({ publisherId, content })).digest('hex');
}

/** Keeps who submitted what, for the worker that registers it. */
export async function writeSubmissionCall(knex: Knex, submission: Submission, now: Date): Promise<void> {
  const { callId, publisherId, submissionDigest, actor, requestId } = submission;
  await knex('submissions').insert({
    id: callId,
    publisher_id: publisherId,
    submission_digest: submissionDigest,
    actor,
    request_id: requestId,
    submitted_at: now,
    expires_at: new Date(now.getTime() + SUBMISSION_LIFETIME_MS),
  });
}

/**
 * Holds a submission that a message carries against the call that the API recorded.
 *
 * @throws Refusal SUBMISSION_UNKNOWN when nobody submitted exactly this
 */
export async function requireSubmitted(knex: Knex, submission: Submission, now: Date): Promise<void> {
  const { callId, publisherId, request } = submission;
  const row = await knex('submissions').where({ id: callId }).first();
  const call = row && {
    publisherId: row.publisher_id,
    submissionDigest: row.submission_digest,
    actor: row.actor,
    requestId: row.request_id,
    expiresAt: row.expires_at,
  };
  refuseIfAny(checkSubmitted(submission, digestSubmission(publisherId, request), call, now));
}

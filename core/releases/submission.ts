import { problem, type Problem } from '../errors/errors';

/** What tells two submissions of one version apart. */
export interface SubmissionIdentity {
  publishRequestId: string;
  /** SHA-256 over the canonical JSON of everything submitted but the request id. */
  submissionDigest: string;
}

/**
 * Whether a submission repeats the one that was accepted, and if not, why it is refused
 * (API-32, PRE-03): the same content is a repetition whoever retries it; other content under the
 * same key, or under the same version, is a conflict.
 */
export function checkRepetition(
  versionId: string,
  accepted: SubmissionIdentity,
  again: SubmissionIdentity,
): Problem[] {
  if (accepted.submissionDigest === again.submissionDigest) return [];
  if (accepted.publishRequestId === again.publishRequestId) {
    const detail = `publishRequestId ${again.publishRequestId} was used for other content of ${versionId}.`;
    return [problem('REQUEST_ID_REUSED', detail, '/publishRequestId')];
  }
  return [problem('VERSION_CONFLICT', `${versionId} was submitted before with other content.`, '/version')];
}

import { randomUUID } from 'node:crypto';
import type { Knex } from 'knex';
import type { Submission } from '../../../contracts/releases/messages';
import type { Receipt } from '../../../contracts/releases/publish';
import { packageKey, releaseWorkflowId, formatVersionId } from '../../../core/ids';
import { makeReceipt } from '../../../core/releases/receipt';
import { changeStateIn } from './transitions';

/** How long things may take, in milliseconds. */
export interface SubmissionTimings {
  slaMs: number;
  uploadTimeoutMs: number;
}

interface NewRelease {
  nameTurn: number | null;
  releaseId: string;
  uploadDeadline: Date;
  submissionNumber: number;
  receipt: Receipt;
}

/**
 * Counts of what a publisher has open, one after the other: whoever has the lock sees what was committed before. It ends
 * with the transaction.
 */
export async function lockPublisher(trx: Knex, { publisherId }: Submission): Promise<void> {
  await trx.raw('select pg_advisory_xact_lock(hashtextextended(?, 0))', [`publisher:${publisherId}`]);
}

/** Writes version, release, review and first transition of an accepted submission. */
export async function writeSubmission(
  trx: Knex.Transaction,
  submission: Submission,
  {
    previousSubmissions,
    slaMs,
    ...kept
  }: Pick<NewRelease, 'nameTurn' | 'uploadDeadline'> &
    Pick<SubmissionTimings, 'slaMs'> & { previousSubmissions: number },
  now: Date,
): Promise<void> {
  const { request, actor, requestId } = submission;
  const versionId = formatVersionId(request.pluginId, request.version);
  const reviewQueueId = randomUUID();
  const submittedAt = now.toISOString();
  const receipt = makeReceipt({ versionId, reviewQueueId, channel: request.channel, submittedAt, slaMs });
  const submissionNumber = previousSubmissions + 1;
  const release = { releaseId: randomUUID(), submissionNumber, receipt, ...kept };
  const { releaseId } = release;
  // One statement of three inserts, because the reply to a publish waits for it.
  await trx('releases')
    .with('version', versionInsert(trx, submission, versionId, now))
    .with(
      'review',
      trx('review_queue').insert({ id: reviewQueueId, release_id: releaseId, state: 'pending' }),
    )
    .insert(releaseRow(submission, release, now));
  await changeStateIn(trx, { releaseId, from: 'draft', to: 'uploading', actor, requestId }, now);
}

/** A version that was never listed is replaced by its new submission; nobody can have installed it. */
function versionInsert(trx: Knex, { request }: Submission, id: string, now: Date): Knex.QueryBuilder {
  const { pluginId, version, artefact } = request;
  const row = {
    plugin_id: pluginId,
    version,
    channel: request.channel,
    manifest: JSON.stringify(request.manifest),
    notes: request.notes,
    notes_source: request.notesSource,
    package_sha256: artefact.sha256,
    package_bytes: artefact.bytes,
    manifest_digest: artefact.manifestDigest,
    signed_by: artefact.signedBy?.toUpperCase() ?? null,
    object_key: packageKey(pluginId, version, artefact.sha256),
    created_at: now,
  };
  return trx('versions')
    .insert({ id, ...row })
    .onConflict('id')
    .merge(row)
    .whereNull('versions.listed_at');
}

function releaseRow(submission: Submission, release: NewRelease, now: Date) {
  const { request } = submission;
  const versionId = formatVersionId(request.pluginId, request.version);
  return {
    id: release.releaseId,
    version_id: versionId,
    submission: release.submissionNumber,
    publisher_id: submission.publisherId,
    publish_request_id: request.publishRequestId,
    submission_digest: submission.submissionDigest,
    publish_id: releaseWorkflowId(versionId),
    state: 'draft',
    submitted_by: submission.actor,
    submitted_at: now,
    updated_at: now,
    upload_deadline: release.uploadDeadline,
    name_turn: release.nameTurn,
    receipt: JSON.stringify(release.receipt),
    parts: JSON.stringify(request.artefact.parts),
    rollout_input: request.rollout ? JSON.stringify(request.rollout) : null,
  };
}

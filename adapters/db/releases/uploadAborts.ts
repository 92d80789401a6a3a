import type { Knex } from 'knex';
import type { Origin } from '../../../contracts/audit/origin';

/** Keeps that a publisher asked to end an upload, for the activity that acts on it; the first call is the one. */
export async function writeUploadAbort(
  knex: Knex,
  releaseId: string,
  { actor, requestId }: Origin,
  now: Date,
): Promise<void> {
  await knex('releases')
    .where({ id: releaseId, state: 'uploading' })
    .whereNull('upload_aborted_at')
    .update({ upload_aborted_by: actor, upload_aborted_at: now, upload_abort_request: requestId });
}

/** Who asked that an upload ends; undefined while nobody has. */
export async function readUploadAbort(knex: Knex, releaseId: string): Promise<Origin | undefined> {
  const row = await knex('releases')
    .where({ id: releaseId })
    .whereNotNull('upload_aborted_at')
    .first('upload_aborted_by', 'upload_abort_request');
  if (!row?.upload_aborted_by || row.upload_abort_request === null) return undefined;
  return { actor: row.upload_aborted_by, requestId: row.upload_abort_request };
}

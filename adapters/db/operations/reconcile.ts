import { randomUUID } from 'node:crypto';
import type { Knex } from 'knex';
import { PLATFORM } from '../../../core/ids';
import { liveStates } from '../../../core/releases/state';
import type { MessageBody } from '../notifications/tables';
import { writeAudit } from '../audit/audit';
import { countRows } from '../count';
import type { JoinedRow } from '../joins';
import { queueMessage } from '../notifications/outbox';
import { inTransaction } from '../transaction';

const columns = {
  releaseId: 'releases.id',
  versionId: 'releases.version_id',
  state: 'releases.state',
  updatedAt: 'releases.updated_at',
  withdrawAskedAt: 'releases.withdraw_asked_at',
  publisherId: 'releases.publisher_id',
  submissionDigest: 'releases.submission_digest',
  publishRequestId: 'releases.publish_request_id',
  pluginId: 'versions.plugin_id',
  version: 'versions.version',
  channel: 'versions.channel',
} as const;

/** A release as far as its workflows depend on it. */
export type ReconciledRelease = JoinedRow<typeof columns>;

const joined = (knex: Knex) =>
  knex('releases').join('versions', 'versions.id', 'releases.version_id').select(columns);

/** Releases that are on their way, in the order of their ids, after one of them. */
export const listLiveReleases = (
  knex: Knex,
  { after, limit }: { after: string | undefined; limit: number },
): Promise<ReconciledRelease[]> => {
  const query = joined(knex).whereIn('releases.state', liveStates).orderBy('releases.id').limit(limit);
  return after === undefined ? query : query.where('releases.id', '>', after);
};

/** The newest submission of a version, if there is one. */
export const findReconciled = (knex: Knex, versionId: string): Promise<ReconciledRelease | undefined> =>
  joined(knex).where('releases.version_id', versionId).orderBy('submission', 'desc').first();

/** How often something was done to a subject since then, by the audit. */
export const countAudited = (knex: Knex, action: string, subject: string, since: Date): Promise<number> =>
  countRows(knex('audit').where({ action, subject }).where('at', '>', since));

/** A correction of the workflow engine, as it is recorded before it is made. */
export interface CorrectionRecord {
  action: string;
  /** The version's id, or one word for all that no release has. */
  subject: string;
  releaseId?: string | undefined;
  data: Record<string, unknown>;
  /** What the operators are told, unless they were told of the same within the window. */
  notice: MessageBody;
}

/**
 * Records a correction in the audit and tells the operators, in one transaction. Of the same subject they are told once
 * in `windowMs` milliseconds; the audit has every correction.
 */
export const recordCorrection = (
  knex: Knex,
  { action, subject, releaseId, data, notice }: CorrectionRecord,
  windowMs: number,
  now: Date,
): Promise<void> =>
  inTransaction(knex, async (trx) => {
    const before = await countAudited(trx, action, subject, new Date(now.getTime() - windowMs));
    const key = `${action}:${subject}:${randomUUID()}`;
    const requestId = releaseId ?? key;
    await writeAudit(trx, { key, action, subject, actor: PLATFORM, requestId, data }, now);
    if (before > 0) return;
    const recipient = { kind: 'operator' as const, id: 'operators' };
    await queueMessage(trx, { key, recipient, releaseId, body: notice }, now);
  });

/** Any number that all workers of an installation agree on. */
const LOCK = 641_189;

/** Runs `work` unless another process of the installation does at this moment; undefined then. */
export const oneAtATime = <T>(knex: Knex, work: () => Promise<T>): Promise<T | undefined> =>
  inTransaction(knex, async (trx) => {
    // The lock goes with the transaction, whatever happens to the process.
    const { rows } = await trx.raw<{ rows: { locked: boolean }[] }>(
      'select pg_try_advisory_xact_lock(?) as locked',
      [LOCK],
    );
    return rows[0]?.locked ? work() : undefined;
  });

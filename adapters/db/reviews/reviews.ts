import { hash } from 'node:crypto';
import type { Knex } from 'knex';
import type { Origin } from '../../../contracts/audit/origin';
import { limits } from '../../../core/limits';
import { refusal } from '../../../core/errors/errors';
import { reviewDelayed } from '../../../core/reviews/notices';
import type { SlaLevel } from '../../../core/reviews/sla';
import { describeOpenedReview, describeReviewInfo, describeSla } from '../../../core/reviews/timeline';
import { writeAudit } from '../audit/audit';
import { readRelease } from '../releases/record';
import { queueMessage } from '../notifications/outbox';
import { writeTimeline } from '../releases/timeline';
import { inTransaction } from '../transaction';

/** Opens the review with its deadline; open already, it keeps both. */
export const openReview = (
  knex: Knex,
  { releaseId, slaMs }: { releaseId: string; slaMs: number },
  now: Date,
): Promise<{ openedAt: Date; slaDeadline: Date }> =>
  inTransaction(knex, async (trx) => {
    const sla_deadline = new Date(now.getTime() + slaMs);
    await trx('review_queue')
      .where({ release_id: releaseId, state: 'pending' })
      .update({ state: 'open', opened_at: now, sla_deadline });
    const { openedAt, slaDeadline } =
      (await trx('review_queue')
        .where({ release_id: releaseId })
        .first({ openedAt: 'opened_at', slaDeadline: 'sla_deadline' })) ?? {};
    if (!openedAt || !slaDeadline)
      throw refusal('RELEASE_NOT_FOUND', `There is no review of release ${releaseId}.`);
    const entry = describeOpenedReview(slaMs, slaDeadline.toISOString());
    await writeTimeline(trx, releaseId, entry, now);
    return { openedAt, slaDeadline };
  });

/** Tells the operators how much of the review's time has passed, once a level (REV-18). */
export const alertSla = (
  knex: Knex,
  { releaseId, level }: { releaseId: string; level: SlaLevel },
  now: Date,
): Promise<void> =>
  inTransaction(knex, async (trx) => {
    const release = await readRelease(trx, releaseId);
    await trx('review_queue')
      .where({ release_id: releaseId })
      .update({ sla_level: trx.raw('greatest(sla_level, ?)', [level]) });
    await writeTimeline(trx, releaseId, describeSla(release.versionId, level), now);
    const body = reviewDelayed(release, level);
    const recipient = { kind: 'operator' as const, id: 'operators' };
    await queueMessage(trx, { key: `sla:${releaseId}:${level}`, recipient, releaseId, body }, now);
  });

/**
 * Adds what the publisher tells the reviewer; the same text with the same links again adds nothing. The id of
 * the request does not count: its sender chooses it.
 */
export const addReviewInfo = (
  knex: Knex,
  { releaseId, info, links, origin }: { releaseId: string; info: string; links: string[]; origin: Origin },
  now: Date,
): Promise<void> =>
  inTransaction(knex, async (trx) => {
    const { versionId } = await readRelease(trx, releaseId);
    await refuseFull(trx, releaseId, versionId);
    const digest = hash('sha256', JSON.stringify([info, links]));
    const entry = describeReviewInfo({ info, links }, { actor: origin.actor, digest });
    if ((await writeTimeline(trx, releaseId, entry, now)) === undefined) return;
    const added = JSON.stringify([{ info, links, at: now.toISOString() }]);
    const updated = await trx('review_queue')
      .where({ release_id: releaseId })
      .whereNot({ state: 'decided' })
      .update({ info: trx.raw('info || ?::jsonb', [added]) });
    if (updated === 0) throw refusal('REVIEW_CLOSED', `The review of ${versionId} is closed.`);
    await writeAudit(
      trx,
      { key: `${entry.key}:${releaseId}`, action: 'review.info', subject: versionId, ...origin },
      now,
    );
  });

/** Locks the review's row, so that two additions at once are counted one after the other. */
async function refuseFull(trx: Knex.Transaction, releaseId: string, versionId: string): Promise<void> {
  const row: { pieces: number } | undefined = await trx('review_queue')
    .where({ release_id: releaseId })
    .forUpdate()
    .first({ pieces: trx.raw('jsonb_array_length(info)') });
  if (row === undefined || row.pieces < limits.reviewInformation) return;
  const detail = `The review of ${versionId} has ${row.pieces} pieces of information, which is as many as it takes.`;
  throw refusal('REVIEW_INFORMATION_FULL', detail);
}

import type { Knex } from 'knex';
import type { Origin } from '../../../contracts/workflowMessages';
import { formatDuration } from '../../../core/duration';
import { refusal } from '../../../core/errors/errors';
import { isBreach, type SlaLevel } from '../../../core/reviews/sla';
import { PLATFORM } from '../../../core/ids';
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
    const row = (await trx('review_queue')
      .where({ release_id: releaseId })
      .first({ openedAt: 'opened_at', slaDeadline: 'sla_deadline' })) as
      { openedAt: Date; slaDeadline: Date } | undefined;
    if (!row) throw refusal('RELEASE_NOT_FOUND', `There is no review of release ${releaseId}.`);
    const text = `The review is open; a decision is due within ${formatDuration(slaMs)}.`;
    const data = { slaDeadline: row.slaDeadline.toISOString() };
    const line = { key: 'review_opened', kind: 'review_opened' as const, text, actor: PLATFORM, data };
    await writeTimeline(trx, releaseId, line, now);
    return row;
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
    const share = `${level * 100} % of the review time`;
    const title = isBreach(level) ? 'The review is late' : `${share} has passed`;
    const message = `${release.versionId} waits for a reviewer: ${share} has passed.`;
    const line = { key: `sla:${level}`, kind: 'sla' as const, text: message, actor: PLATFORM };
    await writeTimeline(trx, releaseId, { ...line, data: { level } }, now);
    const body = {
      kind: isBreach(level) ? ('sla_breach' as const) : ('sla_warning' as const),
      pluginId: release.pluginId,
      versionId: release.versionId,
      title,
      message,
      priority: isBreach(level) ? ('high' as const) : ('normal' as const),
      upgrade: null,
    };
    const recipient = { kind: 'operator' as const, id: 'operators' };
    await queueMessage(trx, { key: `sla:${releaseId}:${level}`, recipient, releaseId, body }, now);
  });

/** Puts a reviewer's decision on record; the first one wins. @throws Refusal REVIEW_CLOSED */
export const recordDecision = (
  knex: Knex,
  input: {
    releaseId: string;
    decision: 'approve' | 'reject';
    reviewer: string;
    notes: string;
    requestId: string;
  },
  now: Date,
): Promise<void> =>
  inTransaction(knex, async (trx) => {
    const { releaseId, decision, reviewer, notes, requestId } = input;
    const { versionId } = await readRelease(trx, releaseId);
    const decided = await trx('review_queue')
      .where({ release_id: releaseId })
      .whereNot({ state: 'decided' })
      .update({ state: 'decided', decided_at: now, decision, reviewer, notes });
    if (decided === 0) await requireSameDecision(trx, input);
    const verb = decision === 'approve' ? 'approved' : 'rejected';
    const text = `${reviewer} ${verb} the release${notes ? `: ${notes}` : '.'}`;
    const line = { key: 'decision', kind: 'decision' as const, text, actor: `reviewer:${reviewer}` };
    await writeTimeline(trx, releaseId, { ...line, data: { decision, reviewer, notes } }, now);
    const entry = { key: `decision:${releaseId}`, action: `review.${decision}`, subject: versionId };
    await writeAudit(trx, { ...entry, actor: `reviewer:${reviewer}`, requestId, data: { notes } }, now);
  });

async function requireSameDecision(
  trx: Knex,
  { releaseId, decision, reviewer }: { releaseId: string; decision: string; reviewer: string },
): Promise<void> {
  const same: unknown = await trx('review_queue')
    .where({ release_id: releaseId, decision, reviewer })
    .first('id');
  if (!same) throw refusal('REVIEW_CLOSED', 'Another decision was recorded before.');
}

/** Adds what the publisher tells the reviewer; the same request again adds nothing. */
export const addReviewInfo = (
  knex: Knex,
  { releaseId, info, links, origin }: { releaseId: string; info: string; links: string[]; origin: Origin },
  now: Date,
): Promise<void> =>
  inTransaction(knex, async (trx) => {
    const { versionId } = await readRelease(trx, releaseId);
    const key = `review_info:${origin.requestId}`;
    const data = { info, links };
    const line = {
      key,
      kind: 'review_info' as const,
      text: 'The publisher added information for the reviewer.',
    };
    const seq = await writeTimeline(trx, releaseId, { ...line, actor: origin.actor, data }, now);
    if (seq === undefined) return;
    const entry = JSON.stringify([{ info, links, at: now.toISOString() }]);
    const added = await trx('review_queue')
      .where({ release_id: releaseId })
      .whereNot({ state: 'decided' })
      .update({ info: trx.raw('info || ?::jsonb', [entry]) });
    if (added === 0) throw refusal('REVIEW_CLOSED', `The review of ${versionId} is closed.`);
    await writeAudit(
      trx,
      { key: `${key}:${releaseId}`, action: 'review.info', subject: versionId, ...origin },
      now,
    );
  });

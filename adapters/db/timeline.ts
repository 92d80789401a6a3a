import type { Knex } from 'knex';
import type { TimelineEntry } from '../../core/timeline';

/** Who listens on this channel gets the id of a release whose timeline grew. */
export const TIMELINE_CHANNEL = 'spillway_timeline';

export interface TimelineLine extends TimelineEntry {
  actor: string;
}

/**
 * Adds a line to a release's timeline and wakes whoever follows it, both with the transaction.
 * Lines count from 1 without gaps, because the release row is locked while the number is taken.
 *
 * @returns the line's number, or undefined when a line of that key is there already
 */
export async function writeTimeline(
  trx: Knex.Transaction,
  releaseId: string,
  line: TimelineLine,
  now: Date,
): Promise<number | undefined> {
  const locked: { timeline_seq: number } | undefined = await trx('releases')
    .where({ id: releaseId })
    .forUpdate()
    .first('timeline_seq');
  if (!locked) return undefined;
  const seq = locked.timeline_seq + 1;
  const written = await trx('timeline')
    .insert({
      release_id: releaseId,
      seq,
      key: line.key,
      kind: line.kind,
      text: line.text,
      actor: line.actor,
      data: JSON.stringify(line.data ?? {}),
      at: now,
    })
    .onConflict(['release_id', 'key'])
    .ignore()
    .returning<{ seq: number }[]>('seq');
  if (written.length === 0) return undefined;
  await trx('releases').where({ id: releaseId }).update({ timeline_seq: seq });
  await trx.raw('select pg_notify(?, ?)', [TIMELINE_CHANNEL, releaseId]);
  return seq;
}

import type { Knex } from 'knex';
import type { TimelineEvent } from '../../../contracts/releases/timeline';
import { refusal } from '../../../core/errors/errors';
import { isTerminal, type ReleaseState } from '../../../core/releases/state';

/** Successive entries of a timeline, read as one moment. */
export interface TimelineBatch {
  events: TimelineEvent[];
  state: ReleaseState;
  /** The release has ended, and these are its last entries. */
  complete: boolean;
}

/** Entries after `after` in their order, at most `limit` of them. */
export async function readTimeline(
  knex: Knex,
  releaseId: string,
  { after, limit }: { after: number; limit: number },
): Promise<TimelineBatch> {
  // The state first: entries that are written in between come too early rather than never.
  const release = await knex('releases').where({ id: releaseId }).first('state', 'timeline_seq');
  if (!release) throw refusal('RELEASE_NOT_FOUND', `There is no release ${releaseId}.`);
  const rows = await knex('timeline')
    .where({ release_id: releaseId })
    .where('seq', '>', after)
    .orderBy('seq')
    .limit(limit)
    .select('seq', 'at', 'kind', 'text', 'actor', 'data');
  const last = rows.at(-1)?.seq ?? after;
  return {
    events: rows.map((row) => ({ ...row, at: row.at.toISOString() })),
    state: release.state,
    complete: isTerminal(release.state) && last >= release.timeline_seq,
  };
}

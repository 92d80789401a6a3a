import { readTimeline } from '../../../adapters/db/releases/timelinePages';
import type { Knex } from 'knex';
import type { TimelinePage } from '../../../contracts/releases/timeline';

const PAGE_SIZE = 500;

/** The timeline after `after`, as one page. */
export async function readTimelinePage(db: Knex, releaseId: string, after: number): Promise<TimelinePage> {
  const { events, state } = await readTimeline(db, releaseId, { after, limit: PAGE_SIZE });
  return { events, next: events.at(-1)?.seq ?? after, state };
}

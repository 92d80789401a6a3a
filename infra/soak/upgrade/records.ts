import { query } from '../../postgres/cluster';
import type { ReleaseRecord } from './compare';

const ofRelease = (columns: string, table: string, order: string): string =>
  `coalesce((select json_agg(json_build_object(${columns}) order by ${order}) from ${table}
             where release_id = releases.id), '[]')`;

const RECORDS = `
  select version_id as "versionId", state,
    ${ofRelease(`'from', from_state, 'to', to_state`, 'release_transitions', 'seq')} as steps,
    ${ofRelease(`'seq', seq, 'kind', kind, 'actor', actor, 'text', text`, 'timeline', 'seq')} as timeline,
    ${ofRelease(
      `'key', key, 'kind', body->>'kind', 'to', recipient_kind || ' ' || recipient_id,
       'isDelivered', delivered_at is not null`,
      'outbox',
      'id',
    )} as outbox,
    coalesce((select json_agg(json_build_object('revision', revision, 'kind', kind, 'stage', stage) order by revision)
              from feed where feed.version_id = releases.version_id), '[]') as feed,
    coalesce((select json_agg(key order by created_at, key) from notifications
              where release_id = releases.id), '[]') as inboxes
  from releases`;

/** What is on record about every release, by its version; each was submitted once. */
export async function readRecords(url: string): Promise<Map<string, ReleaseRecord>> {
  const rows = (await query(url, RECORDS)) as unknown as (ReleaseRecord & { versionId: string })[];
  return new Map(rows.map(({ versionId, ...record }) => [versionId, record]));
}

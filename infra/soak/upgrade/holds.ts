import { query } from '../../postgres/cluster';
import type { Hold } from './plan';

/** A step that is listed here is refused; the worker's role, which takes it, cannot see the list. */
const HOLDS = `
  create table held_steps (subject text primary key, step text not null);
  create function refuse_held_step() returns trigger language plpgsql security definer set search_path = public as $$
  declare
    taken jsonb := to_jsonb(new);
  begin
    if exists (select from held_steps
               where subject = coalesce(taken->>'version_id', taken->>'release_id')
                 and step = coalesce(taken->>'state', taken->>'scanner'))
    then raise exception 'held for the upgrade' using errcode = 'lock_not_available'; end if;
    return new;
  end $$;
  create trigger held_step before insert or update on releases
    for each row execute function refuse_held_step();
  create trigger held_step before insert or update on scans
    for each row execute function refuse_held_step()`;

/** Once for each database, before anything is held in it. */
export const prepareHolds = (url: string): Promise<unknown> => query(url, HOLDS);

/**
 * Makes the database refuse a step of one release until it is let go: its activity is retried as if the database
 * were away, so the release stands still where nobody is waited for.
 */
export async function holdRelease(url: string, versionId: string, hold: Hold): Promise<void> {
  const step = 'to' in hold ? hold.to : hold.scanner;
  const subject = await readSubject(url, versionId, hold);
  await query(url, `insert into held_steps (subject, step) values ('${subject}', '${step}')`);
}

export async function letGo(url: string, versionId: string, hold: Hold): Promise<void> {
  await query(url, `delete from held_steps where subject = '${await readSubject(url, versionId, hold)}'`);
}

/** A change of state names the version, the report of a scanner the release. */
async function readSubject(url: string, versionId: string, hold: Hold): Promise<string> {
  if ('to' in hold) return versionId;
  const [row] = await query(url, `select id from releases where version_id = '${versionId}'`);
  return String(row?.id);
}

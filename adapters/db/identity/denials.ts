import type { Knex } from 'knex';
import type { Origin } from '../../../contracts/audit/origin';
import { HOUR } from '../../../core/duration';
import { writeAudit } from '../audit/audit';

/** A call that its caller's token does not allow. */
interface DeniedCall extends Origin {
  /** Method and path as the route has them, without what the caller put in. */
  call: string;
  /** The scope that the token lacks. */
  scope: string;
}

/**
 * Writes that somebody called what their token does not allow: once an hour for each caller and route, so that
 * calling without end fills no table.
 */
export async function recordDenial(
  knex: Knex,
  { actor, requestId, call, scope }: DeniedCall,
  now: Date,
): Promise<void> {
  const hour = Math.floor(now.getTime() / HOUR);
  const key = `denied:${actor}:${call}:${hour}`;
  const entry = { key, action: 'access.denied', subject: call, actor, requestId };
  await writeAudit(knex, { ...entry, data: { scope } }, now);
}

import { problem, type Problem } from '../errors/errors';
import { limits } from '../limits';

/** Whose a plugin id is, and for how long. Times are moments or ISO 8601. */
export interface NameHold {
  owner: string;
  /** Until then nobody else may announce the id. */
  reservedUntil: Date | string;
  /** When an upload of it was first verified: from then on it is the owner's for good. Null before. */
  ownedSince: Date | string | null;
}

/** A plugin id that a publisher has reserved. */
export interface ReservedName {
  pluginId: string;
  /** ISO 8601. */
  until: string;
}

/** Whether anybody may announce an id: its reservation is over, and nothing was ever verified under it. */
export const isFree = ({ reservedUntil, ownedSince }: NameHold, now: Date): boolean =>
  ownedSince === null && new Date(reservedUntil) <= now;

/**
 * Whether a publisher may announce an id: it is nobody's, the publisher's own, or free.
 *
 * @param name null when nobody has announced the id yet
 */
export const mayAnnounce = (name: NameHold | null, publisherId: string, now: Date): boolean =>
  name === null || name.owner === publisherId || isFree(name, now);

/**
 * A plugin id belongs to the publisher who published under it first, and is reserved for who has announced it.
 *
 * @param name null when nobody has announced the id yet
 */
export const checkOwner = (
  name: NameHold | null,
  publisherId: string,
  pluginId: string,
  now: Date,
): Problem[] => (mayAnnounce(name, publisherId, now) ? [] : [belongsToAnother(pluginId)]);

export const belongsToAnother = (pluginId: string): Problem =>
  problem('PUBLISHER_MISMATCH', `The plugin ${pluginId} belongs to another publisher.`, '/pluginId');

const NAMED = 5;

/**
 * Whether a publisher may reserve one more id. What is verified, and what it announces without a reservation, takes
 * none. The refusal names the limit, what is reserved, and when the first of it ends.
 *
 * @param name of the id that is announced; null when nobody has announced it yet
 * @param reserved all ids that the publisher has reserved; the one that is announced may be among them
 */
export function checkNameQuota(
  { publisherId, pluginId }: { publisherId: string; pluginId: string },
  name: NameHold | null,
  reserved: readonly ReservedName[],
  now: Date,
): Problem[] {
  const others = reserved.filter((each) => each.pluginId !== pluginId);
  if (!takesReservation(name, publisherId, now) || others.length < limits.reservedNames) return [];
  const byEnd = [...others].sort((a, b) => Date.parse(a.until) - Date.parse(b.until));
  const named = byEnd.slice(0, NAMED).map((each) => each.pluginId);
  const further = others.length - named.length;
  const names = further > 0 ? `${named.join(', ')} and ${further} more` : named.join(', ');
  const detail = [
    `${publisherId} has reserved ${others.length} plugin ids under which no upload was verified; ${limits.reservedNames} are the most.`,
    `Reserved: ${names}; the first reservation ends at ${new Date(byEnd[0]!.until).toISOString()}.`,
  ].join(' ');
  return [problem('NAME_QUOTA', detail, '/pluginId')];
}

function takesReservation(name: NameHold | null, publisherId: string, now: Date): boolean {
  if (name === null) return true;
  if (name.owner !== publisherId) return isFree(name, now);
  return name.ownedSince === null && !isFree(name, now);
}

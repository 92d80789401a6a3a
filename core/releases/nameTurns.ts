import { DAY } from '../duration';
import { problem, type Problem } from '../errors/errors';
import { isFree, type NameHold } from './ownership';

/** The last turn that a publisher had with a plugin id. Times are moments or ISO 8601. */
export interface NameTurn {
  /** Its turns with this id are counted from 1. */
  number: number;
  /** When its first upload was announced. */
  begun: Date | string;
  /** The deadline of that upload: what is announced until then belongs to the turn. */
  opened: Date | string;
  /** The last deadline of its uploads. */
  ends: Date | string;
}

/** What an announcement of an id gets: the number of its turn, or null for none, and until when the id is reserved. */
export interface TakenTurn {
  turn: number | null;
  reservedUntil: Date;
}

/** How long a complete upload may wait for its verification after its deadline without losing its plugin id. */
const VERIFICATION_WAIT = DAY;
/** Keeps the end of a rest a moment that can be written down. */
const DOUBLED_AT_MOST = 16;

/** Until when an id stays reserved for a complete upload that waits for its verification. */
export const endOfVerificationWait = (deadline: Date): Date =>
  new Date(deadline.getTime() + VERIFICATION_WAIT);

/**
 * When a publisher may have its next turn with an id. It lets others go first for twice the time that an upload may
 * last, and twice as long after each further turn: so however many publishers take turns without ever sending an
 * upload, there are soon days on which nobody has the id.
 */
export function endOfRest({ number, begun, opened, ends }: NameTurn): Date {
  const uploadMs = Date.parse(toIso(opened)) - Date.parse(toIso(begun));
  return new Date(Date.parse(toIso(ends)) + uploadMs * 2 ** Math.min(number, DOUBLED_AT_MOST));
}

const toIso = (moment: Date | string): string => new Date(moment).toISOString();

const isResting = (last: NameTurn | null, now: Date): boolean => last !== null && now < endOfRest(last);

/**
 * What an announcement gets of an id that its publisher may announce. Within a turn each upload keeps the id until its
 * own deadline, so a turn lasts as long as two uploads at most. While it rests a publisher may go on under an id that
 * nobody else has taken, and keeps nobody from it.
 *
 * @param last turn of the publisher with this id; null when it had none
 * @param deadline of the upload that is announced
 */
export function takeTurn(name: NameHold, last: NameTurn | null, deadline: Date, now: Date): TakenTurn {
  const reservedUntil = new Date(name.reservedUntil);
  if (name.ownedSince !== null) return { turn: null, reservedUntil };
  if (last === null) return { turn: 1, reservedUntil: deadline };
  if (!isFree(name, now)) {
    if (now >= new Date(last.opened)) return { turn: null, reservedUntil };
    return { turn: last.number, reservedUntil: deadline > reservedUntil ? deadline : reservedUntil };
  }
  if (isResting(last, now)) return { turn: null, reservedUntil };
  return { turn: last.number + 1, reservedUntil: deadline };
}

/**
 * Whether a publisher that had a turn with an id without a verified upload may take it over from another one yet.
 *
 * @param name null when nobody has announced the id yet
 * @param last turn of the publisher with this id; null when it had none
 */
export function checkRest(
  name: NameHold | null,
  last: NameTurn | null,
  { publisherId, pluginId }: { publisherId: string; pluginId: string },
  now: Date,
): Problem[] {
  const isOthers = name !== null && name.owner !== publisherId && isFree(name, now);
  if (!isOthers || last === null || !isResting(last, now)) return [];
  const detail = [
    `The plugin ${pluginId} belongs to another publisher.`,
    `No upload of it by ${publisherId} was verified in its last turn; it may announce it again at ${endOfRest(last).toISOString()}, where the id is free by then.`,
  ].join(' ');
  return [problem('PUBLISHER_MISMATCH', detail, '/pluginId')];
}

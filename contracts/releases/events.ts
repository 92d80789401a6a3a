import type { ReleaseState } from '../../core/releases/state';
import type { TimelineEvent } from './timeline';

/**
 * The event stream of a release, `GET …/releases/{publishId}/events`, as server-sent events. This file
 * imports no values, so that pages can use it without the schemas.
 */
export type ReleaseEvent =
  | { type: 'timeline'; event: TimelineEvent }
  | { type: 'state'; state: ReleaseState }
  /** The release has ended and everything was sent. */
  | { type: 'end'; state: ReleaseState };

/** The server sends something at least this often, in milliseconds. */
export const HEARTBEAT_MS = 15_000;

/** After this long without anything, in milliseconds, a client takes the connection for dead. */
export const SILENCE_MS = 3 * HEARTBEAT_MS;

/**
 * Reads one message of the stream; undefined for events that only a newer server knows. The data are
 * not validated: a client that does not trust its server does so itself.
 *
 * @throws SyntaxError when the data are not JSON
 */
export function readReleaseEvent(message: {
  event?: string | undefined;
  data: string;
}): ReleaseEvent | undefined {
  const { event: type, data } = message;
  if (type === 'timeline') return { type, event: JSON.parse(data) as TimelineEvent };
  if (type !== 'state' && type !== 'end') return undefined;
  return { type, state: (JSON.parse(data) as { state: ReleaseState }).state };
}

/**
 * Tells which entries of the timeline are new. Every connection replays what follows `Last-Event-ID`, so
 * an entry may come twice; each is let through once.
 *
 * @param after the `seq` of the last entry that is known already; 0 for none
 */
export function createPosition(after = 0) {
  let last = after;
  return {
    /** The `seq` of the last entry that was seen. */
    get seq(): number {
      return last;
    },
    isNew(event: ReleaseEvent): boolean {
      if (event.type !== 'timeline') return true;
      if (event.event.seq <= last) return false;
      last = event.event.seq;
      return true;
    },
  };
}

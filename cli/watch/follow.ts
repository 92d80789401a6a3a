import { isTerminal, type ReleaseState } from '../../core/releases/state';
import type { TimelineEvent } from '../../contracts/releases/timeline';
import type { Client } from '../../sdk/client';

/** Where following a release stopped, and all that was told until then. */
export interface Followed {
  state: ReleaseState;
  /** Whether it stopped because `until` was reached. */
  reached: boolean;
  events: TimelineEvent[];
}

export interface FollowOptions {
  /** Stop as soon as the release is in this state; otherwise when it has ended. */
  until?: ReleaseState | undefined;
  onEvent(event: TimelineEvent): void;
  signal?: AbortSignal;
}

/** A state change as its timeline entry tells it: the stream's own state may have moved on. */
const readState = (event: TimelineEvent): unknown => (event.kind === 'state' ? event.data.to : undefined);

/** Follows a release from its first entry on; a lost connection is resumed where it broke. */
export async function follow(client: Client, publishId: string, options: FollowOptions): Promise<Followed> {
  const events: TimelineEvent[] = [];
  let state: ReleaseState = 'draft';
  const stream = client.releases.follow(publishId, options.signal ? { signal: options.signal } : {});
  for await (const message of stream) {
    if (message.type === 'timeline') {
      events.push(message.event);
      options.onEvent(message.event);
      if (options.until && readState(message.event) === options.until) {
        return { state: options.until, reached: true, events };
      }
      continue;
    }
    state = message.state;
    if (message.type === 'end') break;
    // A terminal state is not yet the end: entries that were written with it are still to come.
    if (state === options.until && !isTerminal(state)) return { state, reached: true, events };
  }
  return { state, reached: state === (options.until ?? 'completed'), events };
}

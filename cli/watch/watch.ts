import { formatDuration } from '../../core/duration';
import { Refusal, refusal } from '../../core/errors/errors';
import type { ReleaseState } from '../../core/releases/state';
import type { Client } from '../../sdk/client';
import { listReleaseProblems } from '../publish/outcome';
import type { Terminal } from '../terminal/terminal';
import { drawEvent } from './draw';
import { follow, type Followed } from './follow';

/** States in which nobody has decided yet. */
const BEFORE_DECISION: ReadonlySet<ReleaseState> = new Set(['uploading', 'scanning', 'in_review']);

export interface WatchOptions {
  /** Stop when the release reaches this state; otherwise when it has ended. */
  until?: ReleaseState | undefined;
  /** Stop after so many milliseconds, whatever the release waits for. */
  timeoutMs: number;
}

/**
 * Follows a release on the terminal. The release does not depend on who watches: leaving changes nothing.
 *
 * @throws Refusal RELEASE_ENDED with the reasons when it ends otherwise than wanted; WATCH_TIMEOUT when it does not end
 */
export async function watchRelease(
  client: Client,
  id: string,
  terminal: Terminal,
  { until, timeoutMs }: WatchOptions,
): Promise<Followed> {
  const { publishId, state } = await client.releases.read(id);
  const isUndecided = BEFORE_DECISION.has(state);
  const signal = AbortSignal.timeout(timeoutMs);
  const followed = await follow(client, publishId, {
    until,
    signal,
    onEvent: (event) => {
      drawEvent(terminal, event);
      if (event.kind === 'review_opened' && until === undefined && isUndecided) {
        terminal.line(
          terminal.paint(
            'dim',
            '          Waiting for a reviewer. You can leave; the release does not need this terminal.',
          ),
        );
      }
    },
  }).catch(async (error: unknown) => {
    if (!signal.aborted) throw error;
    const last = await client.releases.read(id);
    const detail = `${id} is still ${last.state} after ${formatDuration(timeoutMs)}.`;
    throw refusal('WATCH_TIMEOUT', detail);
  });
  if (followed.reached) return followed;
  throw new Refusal(listReleaseProblems(await client.releases.read(id)));
}

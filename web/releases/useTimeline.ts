import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { TimelineEvent } from '../../contracts/releases/timeline';
import { releaseKey } from './queries';
import { followTimeline, type Connection } from './timelineStream';

export interface LiveTimeline {
  events: TimelineEvent[];
  connection: Connection;
  problem: unknown;
}

const REFRESH_AFTER_MS = 200;

const empty: LiveTimeline = { events: [], connection: 'connecting', problem: undefined };

/** The release's live timeline; each new entry also refreshes the release itself. */
export function useTimeline(publishId: string): LiveTimeline {
  const [timeline, setTimeline] = useState(empty);
  const client = useQueryClient();
  useEffect(() => {
    const stop = new AbortController();
    let pending: ReturnType<typeof setTimeout> | undefined;
    // The entries so far arrive in one burst: one request is enough for all of them.
    const refresh = (): void => {
      pending ??= setTimeout(() => {
        pending = undefined;
        void client.invalidateQueries({ queryKey: releaseKey(publishId) });
      }, REFRESH_AFTER_MS);
    };
    setTimeline(empty);
    void followTimeline(
      publishId,
      {
        onEvent(event) {
          setTimeline((now) => ({ ...now, events: [...now.events, event] }));
          refresh();
        },
        onState: refresh,
        onConnection: (connection, problem) => setTimeline((now) => ({ ...now, connection, problem })),
      },
      stop.signal,
    );
    return () => {
      stop.abort();
      clearTimeout(pending);
    };
  }, [publishId, client]);
  return timeline;
}

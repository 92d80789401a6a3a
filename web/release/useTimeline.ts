import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { TimelineEvent } from '../../contracts/release';
import { releaseKey } from '../queries';
import { followTimeline, type Connection } from './timelineStream';

export interface LiveTimeline {
  events: TimelineEvent[];
  connection: Connection;
  problem: unknown;
}

const empty: LiveTimeline = { events: [], connection: 'connecting', problem: undefined };

/** The release's timeline as it grows; each new line also refreshes the release's own numbers. */
export function useTimeline(publishId: string): LiveTimeline {
  const [timeline, setTimeline] = useState(empty);
  const client = useQueryClient();
  useEffect(() => {
    const stop = new AbortController();
    const refresh = (): void => void client.invalidateQueries({ queryKey: releaseKey(publishId) });
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
    return () => stop.abort();
  }, [publishId, client]);
  return timeline;
}

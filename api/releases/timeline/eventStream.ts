import { once } from 'node:events';
import type { Response } from 'express';
import { HEARTBEAT_MS } from '../../../contracts/releases/events';

/** A response that is a stream of events (https://html.spec.whatwg.org/#server-sent-events). */
export interface EventStream {
  /** Aborted when the client has gone. */
  gone: AbortSignal;
  /** Writes an event; resolves once the client keeps up, so that a slow one never fills the memory. */
  send(event: { event: string; id?: number; data: unknown }): Promise<void>;
  end(): void;
}

export function openEventStream(response: Response): EventStream {
  const gone = new AbortController();
  response.status(200).set({
    'Content-Type': 'text/event-stream; charset=utf-8',
    'Cache-Control': 'no-cache, no-transform',
    // Proxies that buffer would turn a live timeline into a late one.
    'X-Accel-Buffering': 'no',
  });
  response.flushHeaders();
  const heartbeat = setInterval(() => {
    if (!response.writableNeedDrain) response.write(': alive\n\n');
  }, HEARTBEAT_MS);
  response.once('close', () => {
    clearInterval(heartbeat);
    gone.abort();
  });
  return {
    gone: gone.signal,
    async send({ event, id, data }) {
      if (gone.signal.aborted) return;
      const head = id === undefined ? '' : `id: ${id}\n`;
      if (response.write(`${head}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`)) return;
      await once(response, 'drain', { signal: gone.signal }).catch(() => undefined);
    },
    end: () => void response.end(),
  };
}

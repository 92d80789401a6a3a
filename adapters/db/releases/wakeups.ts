import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { getBackoffMs } from '../../../core/backoff';
import { TIMELINE_CHANNEL } from './timeline';

/** Notifies those who follow a release. A notification says only that there may be news: they read the timeline. */
export interface Wakeups {
  /** Calls `wake` when the timeline of the release may have grown; returns the function that unsubscribes. */
  subscribe(releaseId: string, wake: () => void): () => void;
  close(): Promise<void>;
}

const BACKOFF = { firstMs: 250, longestMs: 5_000 };

/**
 * One listening connection for all followers of a process. It is opened for the first of them, and opened
 * again whenever it breaks; all followers are notified then, because a notification may have been missed.
 */
export function createWakeups(databaseUrl: string, onError: (error: unknown) => void): Wakeups {
  const followers = new Map<string, Set<() => void>>();
  const closing = new AbortController();
  let running: Promise<void> | undefined;

  const wakeAll = () => followers.forEach((wakes) => wakes.forEach((wake) => wake()));
  const onMessage = (releaseId: string) => followers.get(releaseId)?.forEach((wake) => wake());

  return {
    subscribe(releaseId, wake) {
      const wakes = followers.get(releaseId) ?? new Set();
      followers.set(releaseId, wakes.add(wake));
      running ??= keepListening(databaseUrl, {
        onMessage,
        onConnect: wakeAll,
        onError,
        signal: closing.signal,
      });
      return () => {
        wakes.delete(wake);
        if (wakes.size === 0) followers.delete(releaseId);
      };
    },
    async close() {
      closing.abort();
      await running;
    },
  };
}

interface Listening {
  onMessage: (payload: string) => void;
  onConnect: () => void;
  onError: (error: unknown) => void;
  signal: AbortSignal;
}

async function keepListening(databaseUrl: string, listening: Listening): Promise<void> {
  let failures = 0;
  while (!listening.signal.aborted) {
    try {
      await listenOnce(databaseUrl, listening, () => (failures = 0));
    } catch (error) {
      listening.onError(error);
    }
    failures += 1;
    const pauseMs = getBackoffMs(failures, BACKOFF);
    await sleep(pauseMs, undefined, { signal: listening.signal, ref: false }).catch(() => undefined);
  }
}

/** Listens until the connection breaks or `signal` ends it. */
async function listenOnce(databaseUrl: string, listening: Listening, connected: () => void): Promise<void> {
  const client = new Client({
    connectionString: databaseUrl,
    application_name: 'spillway-timeline',
    keepAlive: true,
    connectionTimeoutMillis: 5_000,
  });
  const broken = new Promise<void>((resolve, reject) => {
    client.once('end', resolve);
    client.once('error', reject);
    listening.signal.addEventListener('abort', () => resolve(), { once: true });
  });
  broken.catch(() => undefined);
  client.on('notification', ({ payload }) => listening.onMessage(payload ?? ''));
  try {
    await client.connect();
    await client.query(`listen ${TIMELINE_CHANNEL}`);
    connected();
    listening.onConnect();
    await broken;
  } finally {
    await client.end().catch(() => undefined);
  }
}

import type { Response } from 'express';
import { readTimeline, type TimelineBatch } from '../../../adapters/db/releases/timelinePages';
import { createAsyncEvent, type AsyncEvent } from '../../../platform/asyncEvent';
import type { RouteDependencies } from '../../http/dependencies';
import { openEventStream, type EventStream } from './eventStream';

/** Entries that are read at once. */
const BATCH_SIZE = 200;

/** The rows are read without a wake-up too: notifications are a hint, rows are the truth. */
const READ_EVERY_MS = 2_000;

/**
 * Sends a release's timeline as it grows: entries after `after` by their number, the state whenever it
 * changes, and `end` once the release has ended and everything was sent. While nothing happens no
 * database connection is held.
 */
export async function followTimeline(
  deps: RouteDependencies,
  response: Response,
  { releaseId, after }: { releaseId: string; after: number },
): Promise<void> {
  const stream = openEventStream(response);
  const wakeUp = createAsyncEvent();
  const unsubscribe = deps.wakeups.subscribe(releaseId, wakeUp.set);
  deps.metrics.liveTimelines.inc();
  try {
    await sendUntilEnd(deps, stream, wakeUp, { releaseId, after });
  } finally {
    deps.metrics.liveTimelines.dec();
    unsubscribe();
    stream.end();
  }
}

async function sendUntilEnd(
  deps: RouteDependencies,
  stream: EventStream,
  wakeUp: AsyncEvent,
  from: { releaseId: string; after: number },
): Promise<void> {
  const over = AbortSignal.any([stream.gone, deps.closing]);
  let position = from.after;
  let state: string | undefined;
  while (!over.aborted) {
    wakeUp.clear();
    const batch = await tryRead(deps, from.releaseId, position);
    if (batch) {
      for (const event of batch.events) await stream.send({ event: 'timeline', id: event.seq, data: event });
      position = batch.events.at(-1)?.seq ?? position;
      if (batch.state !== state) await stream.send({ event: 'state', data: { state: batch.state } });
      state = batch.state;
      if (batch.complete) return stream.send({ event: 'end', data: { state } });
      if (batch.events.length === BATCH_SIZE) continue;
    }
    await wakeUp.wait(READ_EVERY_MS, over);
  }
}

/** A read that fails (the database restarts) is no reason to hang up on everyone who is watching. */
async function tryRead(
  deps: RouteDependencies,
  releaseId: string,
  after: number,
): Promise<TimelineBatch | undefined> {
  try {
    return await readTimeline(deps.db, releaseId, { after, limit: BATCH_SIZE });
  } catch (error) {
    deps.logger.warn({ err: error, releaseId }, 'a live timeline could not be read');
    return undefined;
  }
}

import { EventSourceParserStream } from 'eventsource-parser/stream';
import {
  createPosition,
  readReleaseEvent,
  SILENCE_MS,
  type ReleaseEvent,
} from '../../contracts/releases/events';
import type { TimelineEvent } from '../../contracts/releases/timeline';
import { fillPath, paths } from '../../contracts/paths';
import { getBackoffMs } from '../../core/backoff';
import { ApiProblem } from '../http/problems';
import { send } from '../http/request';

/** `ended`: the release is over and everything was sent. `refused`: a retry cannot help. */
export type Connection = 'connecting' | 'live' | 'reconnecting' | 'ended' | 'refused';

export interface TimelineListener {
  onEvent(event: TimelineEvent): void;
  onState(): void;
  onConnection(connection: Connection, problem?: unknown): void;
}

const BACKOFF = { firstMs: 1_000, longestMs: 15_000 };

/**
 * Follows a release's timeline until it ends or `signal` aborts, over server-sent events by fetch:
 * EventSource cannot send the Authorization header. Resumes after the last entry that was seen.
 */
export async function followTimeline(
  publishId: string,
  listener: TimelineListener,
  signal: AbortSignal,
): Promise<void> {
  const position = createPosition();
  let failures = 0;
  while (!signal.aborted) {
    try {
      for await (const event of readConnection(publishId, position.seq, signal)) {
        failures = 0;
        if (event === 'open') listener.onConnection('live');
        else if (event.type === 'end') return listener.onConnection('ended');
        else if (position.isNew(event)) notify(event, listener);
      }
    } catch (error) {
      if (signal.aborted) return;
      if (isFinal(error)) return listener.onConnection('refused', error);
    }
    if (signal.aborted) return;
    listener.onConnection('reconnecting');
    failures += 1;
    await pause(getBackoffMs(failures, BACKOFF), signal);
  }
}

function notify(event: ReleaseEvent, listener: TimelineListener): void {
  if (event.type === 'timeline') listener.onEvent(event.event);
  else listener.onState();
}

/** The events of one connection, after `open`; it ends when the connection breaks or falls silent. */
async function* readConnection(
  publishId: string,
  after: number,
  signal: AbortSignal,
): AsyncGenerator<ReleaseEvent | 'open', void> {
  const watchdog = watchSilence(signal);
  try {
    const reply = await send(fillPath(paths.releaseEvents, { publishId }), {
      signal: watchdog.signal,
      headers: { Accept: 'text/event-stream', ...(after > 0 ? { 'Last-Event-ID': String(after) } : {}) },
    });
    yield 'open';
    yield* readEvents(reply, watchdog.reset);
  } finally {
    watchdog.stop();
  }
}

async function* readEvents(reply: Response, onData: () => void): AsyncGenerator<ReleaseEvent, void> {
  if (!reply.body) return;
  const messages = reply.body
    .pipeThrough(new TextDecoderStream() as TransformStream<Uint8Array<ArrayBuffer>, string>)
    .pipeThrough(new EventSourceParserStream({ onComment: onData }))
    .getReader();
  for (;;) {
    const { done, value } = await messages.read();
    if (done) return;
    onData();
    const event = readReleaseEvent(value);
    if (event) yield event;
  }
}

/** An AbortSignal that also fires when nothing arrived for too long. */
function watchSilence(outer: AbortSignal): { signal: AbortSignal; reset(): void; stop(): void } {
  const controller = new AbortController();
  const abort = (): void => controller.abort();
  let timer = setTimeout(abort, SILENCE_MS);
  outer.addEventListener('abort', abort);
  return {
    signal: controller.signal,
    reset() {
      clearTimeout(timer);
      timer = setTimeout(abort, SILENCE_MS);
    },
    stop() {
      clearTimeout(timer);
      outer.removeEventListener('abort', abort);
      // Closes a connection that is no longer needed.
      controller.abort();
    },
  };
}

const isFinal = (error: unknown): boolean =>
  error instanceof ApiProblem && error.document.status < 500 && error.document.status !== 429;

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

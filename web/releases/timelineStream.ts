import { EventSourceParserStream, type EventSourceMessage } from 'eventsource-parser/stream';
import type { TimelineEvent } from '../../contracts/releases/timeline';
import { eventsPath, send } from '../http/api';
import { ApiProblem } from '../http/problem';

/** `ended`: the release is over and everything was sent. `refused`: trying again cannot help. */
export type Connection = 'connecting' | 'live' | 'reconnecting' | 'ended' | 'refused';

export interface TimelineListener {
  onEvent(event: TimelineEvent): void;
  onState(): void;
  onConnection(connection: Connection, problem?: unknown): void;
}

/** The server beats every 15 s; three missed beats mean that the line is dead though it looks open. */
const SILENCE_MS = 45_000;
const FIRST_RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 15_000;

/**
 * Follows a release's timeline until it ends or `signal` aborts, over server-sent events by fetch:
 * EventSource cannot send the Authorization header. Resumes after the last line that was seen.
 */
export async function followTimeline(
  publishId: string,
  listener: TimelineListener,
  signal: AbortSignal,
): Promise<void> {
  let last = 0;
  let retry = FIRST_RETRY_MS;
  const seen = (event: TimelineEvent): void => {
    if (event.seq <= last) return;
    last = event.seq;
    listener.onEvent(event);
  };
  while (!signal.aborted) {
    try {
      const outcome = await readOnce(publishId, last, { ...listener, onEvent: seen }, signal, () => {
        retry = FIRST_RETRY_MS;
      });
      if (outcome === 'ended') return listener.onConnection('ended');
    } catch (error) {
      if (signal.aborted) return;
      if (isFinal(error)) return listener.onConnection('refused', error);
    }
    if (signal.aborted) return;
    listener.onConnection('reconnecting');
    await pause(retry, signal);
    retry = Math.min(retry * 2, LONGEST_RETRY_MS);
  }
}

/** One connection: `ended` after the server's `end`, `cut` when the line broke. */
async function readOnce(
  publishId: string,
  after: number,
  listener: TimelineListener,
  signal: AbortSignal,
  onOpen: () => void,
): Promise<'ended' | 'cut'> {
  const watch = watchSilence(signal);
  try {
    const reply = await send(eventsPath(publishId), {
      signal: watch.signal,
      headers: { Accept: 'text/event-stream', ...(after > 0 ? { 'Last-Event-ID': String(after) } : {}) },
    });
    onOpen();
    listener.onConnection('live');
    return await readMessages(reply, listener, watch.heard);
  } finally {
    watch.stop();
  }
}

async function readMessages(
  reply: Response,
  listener: TimelineListener,
  heard: () => void,
): Promise<'ended' | 'cut'> {
  if (!reply.body) return 'cut';
  const messages = reply.body
    .pipeThrough(new TextDecoderStream() as TransformStream<Uint8Array<ArrayBuffer>, string>)
    .pipeThrough(new EventSourceParserStream({ onComment: heard }))
    .getReader();
  for (;;) {
    const { done, value } = await messages.read();
    if (done) return 'cut';
    heard();
    if (value.event === 'end') return 'ended';
    tell(value, listener);
  }
}

function tell(message: EventSourceMessage, listener: TimelineListener): void {
  if (message.event === 'timeline') listener.onEvent(JSON.parse(message.data) as TimelineEvent);
  if (message.event === 'state') listener.onState();
}

/** An AbortSignal that also fires when nothing was heard for too long. */
function watchSilence(outer: AbortSignal): { signal: AbortSignal; heard(): void; stop(): void } {
  const controller = new AbortController();
  const abort = (): void => controller.abort();
  let timer = setTimeout(abort, SILENCE_MS);
  outer.addEventListener('abort', abort);
  return {
    signal: controller.signal,
    heard() {
      clearTimeout(timer);
      timer = setTimeout(abort, SILENCE_MS);
    },
    stop() {
      clearTimeout(timer);
      outer.removeEventListener('abort', abort);
      // Ends the body of a connection that is not needed any more.
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

import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { createParser, type EventSourceMessage } from 'eventsource-parser';
import { z } from 'zod';
import { releaseStates, type ReleaseState } from '../../core/releases/state';
import { timelineEventSchema, type TimelineEvent } from '../../contracts/releases/timeline';
import { fillPath, paths } from '../../contracts/paths';
import { isTransient, unreachable } from '../http/problems';
import type { Reply, Transport } from '../http/transport';

/** What a live timeline tells: its lines in order, each once, the state, and its end. */
export type ReleaseEvent =
  | { type: 'timeline'; event: TimelineEvent }
  | { type: 'state'; state: ReleaseState }
  | { type: 'end'; state: ReleaseState };

export interface EventsOptions {
  /** Only lines after this `seq`. */
  after?: number;
  signal?: AbortSignal;
}

/** The server says something at least every 15 s; three times that is silence. */
const SILENCE_MS = 45_000;
const stateSchema = z.object({ state: z.enum(releaseStates) });

/**
 * Follows a release until it has ended, over as many connections as that takes: each continues after
 * the last line that arrived, so that none is missed and none comes twice.
 *
 * @throws Refusal when the release is not there, or the server stays away longer than `maxOutageMs`
 */
export async function* followRelease(
  transport: Transport,
  publishId: string,
  { after = 0, signal }: EventsOptions = {},
): AsyncGenerator<ReleaseEvent, void, undefined> {
  const position = { seq: after };
  const outage = createOutage(transport, publishId);
  for (;;) {
    try {
      const reply = await connect(transport, publishId, position.seq, signal);
      for await (const event of messagesOf(reply)) {
        outage.over();
        if (event.type === 'timeline' && event.event.seq <= position.seq) continue;
        if (event.type === 'timeline') position.seq = event.event.seq;
        yield event;
        if (event.type === 'end') return;
      }
      await outage.wait(undefined, signal);
    } catch (error) {
      signal?.throwIfAborted();
      await outage.wait(error, signal);
    }
  }
}

function connect(transport: Transport, publishId: string, after: number, signal?: AbortSignal) {
  const call = {
    method: 'GET' as const,
    path: fillPath(paths.releaseEvents, { publishId }),
    headers: { accept: 'text/event-stream', 'last-event-id': String(after) },
    ...(signal ? { signal } : {}),
  };
  return transport.stream(call, randomUUID());
}

async function* messagesOf(reply: Reply): AsyncGenerator<ReleaseEvent> {
  const arrived: EventSourceMessage[] = [];
  const parser = createParser({ onEvent: (message) => arrived.push(message) });
  const decoder = new TextDecoder();
  let timer = setTimeout(() => reply.body.destroy(), SILENCE_MS);
  try {
    for await (const chunk of reply.body as AsyncIterable<Uint8Array>) {
      clearTimeout(timer);
      timer = setTimeout(() => reply.body.destroy(), SILENCE_MS);
      parser.feed(decoder.decode(chunk, { stream: true }));
      for (const message of arrived.splice(0)) {
        const event = toEvent(message);
        if (event) yield event;
      }
    }
  } catch (error) {
    throw unreachable(reply.origin, 'the server', error);
  } finally {
    clearTimeout(timer);
    // A caller that stops early must not leave the connection open.
    reply.body.destroy();
  }
}

/** Events of a newer server that this client does not know are passed over. */
function toEvent({ event, data }: EventSourceMessage): ReleaseEvent | undefined {
  if (event === 'timeline') return { type: 'timeline', event: timelineEventSchema.parse(JSON.parse(data)) };
  if (event !== 'state' && event !== 'end') return undefined;
  return { type: event, ...stateSchema.parse(JSON.parse(data)) };
}

/** How long the server has been away, and how long to wait before the next try. */
function createOutage({ options }: Transport, publishId: string) {
  let since: number | undefined;
  let attempt = 0;
  const isFinal = (error: Error, from: number) =>
    !isTransient(error) || Date.now() - from > options.maxOutageMs;
  return {
    over() {
      since = undefined;
      attempt = 0;
    },
    async wait(error: unknown, signal: AbortSignal | undefined): Promise<void> {
      since ??= Date.now();
      attempt += 1;
      if (error instanceof Error && isFinal(error, since)) throw error;
      const reason = error instanceof Error ? error.message : 'The connection was closed.';
      options.onRetry({ method: 'GET', path: `releases/${publishId}/events`, attempt, reason });
      const longest = Math.min(options.minDelayMs * 2 ** (attempt - 1), options.maxDelayMs);
      await sleep(longest * (0.5 + Math.random() / 2), undefined, signal ? { signal } : {});
    },
  };
}

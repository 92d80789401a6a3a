import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { createParser, type EventSourceMessage } from 'eventsource-parser';
import { z } from 'zod';
import { Refusal } from '../../core/errors/errors';
import { addJitter, getBackoffMs } from '../../core/backoff';
import { releaseStates } from '../../core/releases/state';
import {
  createPosition,
  readReleaseEvent,
  SILENCE_MS,
  type ReleaseEvent,
} from '../../contracts/releases/events';
import { timelineEventSchema } from '../../contracts/releases/timeline';
import { fillPath, paths } from '../../contracts/paths';
import { tooLarge } from '../http/answers';
import { isTransient, unreachable } from '../http/problems';
import type { Reply, Transport } from '../http/transport';

export interface EventsOptions {
  /** Only entries after this `seq`. */
  after?: number;
  signal?: AbortSignal;
}

/** Newer servers may send more fields, but a client of third parties relies on these. */
const eventSchema: z.ZodType<ReleaseEvent> = z.discriminatedUnion('type', [
  z.object({ type: z.literal('timeline'), event: timelineEventSchema }),
  z.object({ type: z.literal('state'), state: z.enum(releaseStates) }),
  z.object({ type: z.literal('end'), state: z.enum(releaseStates) }),
]);

/**
 * Follows a release until it has ended, over as many connections as that takes: each continues after
 * the last entry that arrived, so that none is missed and none comes twice.
 *
 * @throws Refusal when the release is not there, or the server stays away longer than `maxOutageMs`
 */
export async function* followRelease(
  transport: Transport,
  publishId: string,
  { after = 0, signal }: EventsOptions = {},
): AsyncGenerator<ReleaseEvent, void, undefined> {
  const position = createPosition(after);
  const outage = createOutage(transport, publishId);
  for (;;) {
    try {
      const reply = await connect(transport, publishId, position.seq, signal);
      for await (const event of readMessages(reply)) {
        outage.over();
        if (position.isNew(event)) yield event;
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

/** The longest message of a timeline: a line with its data. */
const MAX_MESSAGE_LENGTH = 1024 * 1024;

async function* readMessages(reply: Reply): AsyncGenerator<ReleaseEvent> {
  const arrived: EventSourceMessage[] = [];
  let isEndless = false;
  let timer: NodeJS.Timeout | undefined;
  // Only what is whole is a sign of life: bytes that never become a message are silence.
  const noteLife = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => reply.body.destroy(), SILENCE_MS);
  };
  const parser = createParser({
    onEvent: (message) => {
      noteLife();
      arrived.push(message);
    },
    onComment: noteLife,
    onError: ({ type }) => (isEndless ||= type === 'max-buffer-size-exceeded'),
    maxBufferSize: MAX_MESSAGE_LENGTH,
  });
  const decoder = new TextDecoder();
  noteLife();
  try {
    for await (const chunk of reply.body as AsyncIterable<Uint8Array>) {
      parser.feed(decoder.decode(chunk, { stream: true }));
      if (isEndless) throw tooLarge(reply.origin, `a message has more than ${MAX_MESSAGE_LENGTH} characters`);
      for (const message of arrived.splice(0)) {
        const event = readReleaseEvent(message);
        if (event) yield eventSchema.parse(event);
      }
    }
  } catch (error) {
    throw error instanceof Refusal ? error : unreachable(reply.origin, 'the server', error);
  } finally {
    clearTimeout(timer);
    // A caller that stops early must not leave the connection open.
    reply.body.destroy();
  }
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
      const { minDelayMs: firstMs, maxDelayMs: longestMs } = options;
      const delayMs = addJitter(getBackoffMs(attempt, { firstMs, longestMs }), Math.random);
      await sleep(delayMs, undefined, signal ? { signal } : {});
    },
  };
}

import { randomUUID } from 'node:crypto';
import { request as send, type Dispatcher } from 'undici';
import type { z } from 'zod';
import { Refusal } from '../../core/errors/errors';
import { MAX_REFUSAL_BYTES, readAnswer } from './answers';
import type { ResolvedOptions } from './options';
import { refusalFrom, unexpected, unreachable, type RefusalOrigin } from './problems';
import { withRetries } from './retry';

interface Call {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Path below the base URL; ids in it are already encoded. */
  path: string;
  query?: Record<string, string | number | undefined>;
  body?: unknown;
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

export interface Reply {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: Dispatcher.ResponseData['body'];
  origin: RefusalOrigin;
}

/** What may be left out of a query: all of it. */
export type Query<S extends z.ZodType> = Partial<z.output<S>>;

/** How calls travel. Every method of the client is a few words on top of these. */
export interface Transport {
  options: ResolvedOptions;
  /** A path of the tenant's, below the prefix that the installation serves them under. */
  tenantPath(path: string): string;
  /** Sends, retries, and parses the answer by its schema. */
  json<S extends z.ZodType>(call: Call, schema: S): Promise<z.output<S>>;
  /** Sends and retries; the answer's status is below 400, its body is for the caller to read or dump. */
  open(call: Call): Promise<Reply>;
  /** One try without repetition or time limit, for streams that reconnect by themselves. */
  stream(call: Call, requestId: string): Promise<Reply>;
}

export function createTransport(options: ResolvedOptions): Transport {
  const repeatedly = <T>(call: Call, read: (reply: Reply) => T | Promise<T>): Promise<T> => {
    // One id for all tries of a call: the server recognises a repetition by it.
    const requestId = randomUUID();
    return withRetries(options, call, async () =>
      read(await attempt(options, call, requestId, options.timeoutMs)),
    );
  };
  return {
    options,
    tenantPath: (path) => options.tenantPrefix + path,
    open: (call) => repeatedly(call, (reply) => reply),
    stream: (call, requestId) => attempt(options, call, requestId),
    json: (call, schema) => repeatedly(call, (reply) => readJson(reply, schema)),
  };
}

/**
 * Reads an answer by its schema. One that breaks off is a temporary failure like any other.
 *
 * @throws Refusal UNAVAILABLE, or INTERNAL when the answer is not what was agreed
 */
export async function readJson<S extends z.ZodType>(reply: Reply, schema: S): Promise<z.output<S>> {
  const text = await readAnswer(reply.body, reply.origin).catch((error: unknown) => {
    if (error instanceof Refusal) throw error;
    throw unreachable(reply.origin, 'the server', error);
  });
  const read = schema.safeParse(parse(text));
  if (read.success) return read.data;
  const where = read.error.issues.map((issue) => issue.path.join('.')).join(', ');
  throw unexpected(reply.origin, `the answer differs from its schema at ${where || 'its top'}`);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function attempt(
  options: ResolvedOptions,
  call: Call,
  requestId: string,
  timeoutMs?: number,
): Promise<Reply> {
  const origin: RefusalOrigin = { method: call.method, path: call.path, requestId };
  const sentAt = Date.now();
  const reply = await sendOnce(options, call, requestId, timeoutMs).catch((error: unknown) => {
    call.signal?.throwIfAborted();
    throw unreachable(origin, new URL(options.baseUrl).origin, error);
  });
  const { date } = reply.headers;
  options.onAnswer(typeof date === 'string' ? date : undefined, sentAt, Date.now());
  const described = describe(reply, origin);
  if (reply.statusCode < 400) {
    return { status: reply.statusCode, headers: reply.headers, body: reply.body, origin: described };
  }
  throw refusalFrom(await readAnswer(reply.body, described, MAX_REFUSAL_BYTES).catch(() => ''), described);
}

function sendOnce(options: ResolvedOptions, call: Call, requestId: string, timeoutMs?: number) {
  const limits = [call.signal, timeoutMs === undefined ? undefined : AbortSignal.timeout(timeoutMs)];
  const signals = limits.filter((each) => each !== undefined);
  return send(new URL(options.baseUrl + call.path), {
    method: call.method,
    query: Object.fromEntries(Object.entries(call.query ?? {}).filter(([, value]) => value !== undefined)),
    headers: {
      accept: 'application/json',
      'user-agent': options.userAgent,
      'x-request-id': requestId,
      ...(options.token === undefined ? {} : { authorization: `Bearer ${options.token}` }),
      ...(call.body === undefined ? {} : { 'content-type': 'application/json' }),
      ...call.headers,
    },
    body: call.body === undefined ? null : JSON.stringify(call.body),
    ...(signals.length > 0 ? { signal: AbortSignal.any(signals) } : {}),
    ...(options.dispatcher ? { dispatcher: options.dispatcher } : {}),
  });
}

function describe(reply: Dispatcher.ResponseData, origin: RefusalOrigin) {
  const retryAfter = Number(reply.headers['retry-after']);
  const known = reply.headers['x-request-id'];
  return {
    ...origin,
    status: reply.statusCode,
    ...(typeof known === 'string' ? { requestId: known } : {}),
    ...(retryAfter > 0 ? { retryAfterSeconds: retryAfter } : {}),
  };
}

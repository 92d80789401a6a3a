import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { request as send } from 'undici';
import { MAX_REFUSAL_BYTES, readAnswer } from '../http/answers';
import type { ResolvedOptions } from '../http/options';
import { refusalFrom, unreachable, type RefusalOrigin } from '../http/problems';
import { withRetries } from '../http/retry';

/** One part to send: a range of a file, and the signed request that allows it. */
export interface PartUpload {
  put: { url: string; headers: Record<string, string> };
  file: string;
  /** Position of the part's first byte in the file. */
  start: number;
  bytes: number;
  signal?: AbortSignal;
  /** Hears of bytes as they leave; a repeated try is heard as a negative number first. */
  onProgress?: (bytes: number) => void;
}

const CHUNK = 256 * 1024;

/**
 * Streams a range of a file to its signed URL, and again after a temporary failure.
 *
 * @throws Refusal with the object store's code; OBJECTS_URL_EXPIRED and OBJECTS_SIGNATURE want a new upload plan
 */
export function uploadPart(options: ResolvedOptions, upload: PartUpload): Promise<void> {
  const url = objectUrl(upload.put.url, options.objectsEndpoint);
  // The query holds the signature, so it stays out of whatever is said about the request.
  const origin: RefusalOrigin = { method: 'PUT', path: url.pathname };
  return withRetries(options, { ...origin, signal: upload.signal }, () =>
    attempt(options, upload, url, origin),
  );
}

async function attempt(options: ResolvedOptions, upload: PartUpload, url: URL, origin: RefusalOrigin) {
  const sent = { bytes: 0 };
  try {
    const reply = await send(url, {
      method: 'PUT',
      headers: { ...upload.put.headers, 'content-length': String(upload.bytes) },
      body: Readable.from(readRange(upload, sent), { objectMode: false, highWaterMark: CHUNK }),
      signal: limitSignal(options, upload),
      ...(options.dispatcher ? { dispatcher: options.dispatcher } : {}),
    }).catch((error: unknown) => {
      upload.signal?.throwIfAborted();
      throw unreachable(origin, url.origin, error);
    });
    const answer = await readAnswer(reply.body, origin, MAX_REFUSAL_BYTES).catch(() => '');
    if (reply.statusCode >= 300) throw refusalFrom(answer, { ...origin, status: reply.statusCode });
  } catch (error) {
    upload.onProgress?.(-sent.bytes);
    throw error;
  }
}

function limitSignal(options: ResolvedOptions, { signal }: PartUpload): AbortSignal {
  const limit = AbortSignal.timeout(options.partTimeoutMs);
  return signal ? AbortSignal.any([signal, limit]) : limit;
}

async function* readRange(upload: PartUpload, sent: { bytes: number }): AsyncGenerator<Buffer> {
  const end = upload.start + upload.bytes - 1;
  const source = createReadStream(upload.file, { start: upload.start, end, highWaterMark: CHUNK });
  for await (const chunk of source as AsyncIterable<Buffer>) {
    sent.bytes += chunk.length;
    upload.onProgress?.(chunk.length);
    yield chunk;
  }
}

/** The signed URL under the origin that authors reach the object store by; the signature binds no host. */
export function objectUrl(signed: string, endpoint: string | undefined): URL {
  const url = new URL(signed);
  if (endpoint === undefined) return url;
  const base = new URL(endpoint);
  const prefix = base.pathname.replace(/\/+$/, '');
  return new URL(`${prefix}${url.pathname}${url.search}`, base.origin);
}

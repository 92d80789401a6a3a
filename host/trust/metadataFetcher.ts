import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Fetcher } from 'tuf-js';
import { DownloadHTTPError, DownloadLengthMismatchError } from 'tuf-js/dist/error';
import { request } from 'undici';
import { refusal } from '../../core/errors/errors';

export interface MetadataFetcherOptions {
  /** The Authorization header for an address, if it should get one. */
  authorization: (url: URL) => string | undefined;
  /** The longest that one file may take from the first byte asked to the last one read, in milliseconds. */
  deadlineMs: number;
  /** Where a file lies while it is verified. */
  folder: string;
}

/**
 * Fetches metadata for the updater: no file is longer than its role allows, none takes longer than the deadline
 * however it trickles, and no answer leads elsewhere.
 */
export function createMetadataFetcher({
  authorization,
  deadlineMs,
  folder,
}: MetadataFetcherOptions): Fetcher {
  async function downloadBytes(address: string, maxLength: number): Promise<Buffer> {
    const url = new URL(address);
    const signal = AbortSignal.timeout(deadlineMs);
    const header = authorization(url);
    const headers = { 'accept-encoding': 'identity', ...(header ? { authorization: header } : {}) };
    const { statusCode, body } = await request(url, { headers, signal }).catch((error: unknown) => {
      throw unreachable(url, error);
    });
    body.on('error', () => undefined);
    if (statusCode !== 200) {
      body.destroy();
      if (statusCode === 404 || statusCode === 403) throw new DownloadHTTPError('not there', statusCode);
      throw refusal('UNAVAILABLE', `${url.origin}${url.pathname} answered with status ${statusCode}.`);
    }
    return await readWithin(body, url, maxLength);
  }

  return {
    downloadBytes,
    async downloadFile(address, maxLength, handler) {
      const own = await mkdtemp(path.join(folder, 'target-'));
      try {
        const file = path.join(own, 'target');
        await writeFile(file, await downloadBytes(address, maxLength));
        return await handler(file);
      } finally {
        await rm(own, { recursive: true, force: true });
      }
    },
  };
}

async function readWithin(
  body: AsyncIterable<Buffer> & { destroy(): void },
  url: URL,
  maxLength: number,
): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const piece of body) {
      bytes += piece.length;
      if (bytes > maxLength) throw new DownloadLengthMismatchError(`more than ${maxLength} bytes`);
      pieces.push(piece);
    }
  } catch (error) {
    body.destroy();
    throw error instanceof DownloadLengthMismatchError ? error : unreachable(url, error);
  }
  return Buffer.concat(pieces);
}

const unreachable = (url: URL, error: unknown) =>
  refusal('UNAVAILABLE', `${url.origin}${url.pathname} could not be read (${(error as Error).name}).`);

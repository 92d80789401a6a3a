import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { EnvHttpProxyAgent, request } from 'undici';
import { getErrorMessage } from '../../../core/errors/thrown';
import { InfraFailure } from '../../terminal/failure';
import { run } from '../../../platform/processes/run';
import downloads from '../downloads.json';
import type { Way } from '../tool';

interface Download {
  url: string;
  sha256: string;
  entry: string;
}

/** The vendor's own archive, taken only where its SHA-256 is pinned in `downloads.json`. */
export function vendorDownload(name: keyof typeof downloads, takes: string): Way {
  const pinned = (platform: string): Download | undefined =>
    (downloads[name].platforms as Record<string, Download>)[platform];
  return {
    title: "the vendor's download",
    takes,
    closedBecause: async ({ platform }) =>
      pinned(platform) ? undefined : `no checksum is pinned for ${platform}`,
    install: async (folder, { platform }) => {
      const download = pinned(platform);
      if (!download)
        throw new InfraFailure(name, `no checksum is pinned for ${platform}`, 'take another way');
      const archive = path.join(folder, 'archive.tar.gz');
      await fetchVerified(download, archive);
      await run('tar', ['-xzf', archive, '-C', folder]);
      await rm(archive);
      return download.entry;
    },
  };
}

/**
 * Streams a file to disk and compares its SHA-256 before anything reads it.
 * @throws InfraFailure when the host cannot be reached or the bytes are not the pinned ones
 */
export async function fetchVerified(download: Pick<Download, 'url' | 'sha256'>, file: string): Promise<void> {
  const digest = createHash('sha256');
  const body = await openDownload(download.url);
  await pipeline(
    body,
    async function* (chunks: AsyncIterable<Buffer>) {
      for await (const chunk of chunks) {
        digest.update(chunk);
        yield chunk;
      }
    },
    createWriteStream(file),
  );
  const actual = digest.digest('hex');
  if (actual !== download.sha256) {
    throw new InfraFailure(
      'download',
      `SHA-256 is ${actual}, pinned is ${download.sha256}`,
      'do not use this file',
    );
  }
}

async function openDownload(url: string, redirects = 5): Promise<Readable> {
  const answer = await request(url, {
    dispatcher: new EnvHttpProxyAgent({ connect: { timeout: 10_000 } }),
    headersTimeout: 20_000,
    reset: true,
  }).catch((error: unknown) => {
    throw new InfraFailure('download', `cannot be reached (${getErrorMessage(error)})`, 'check the network');
  });
  const location = answer.headers.location;
  if (answer.statusCode === 200) return answer.body;
  await answer.body.dump();
  if (answer.statusCode >= 300 && answer.statusCode < 400 && typeof location === 'string' && redirects > 0) {
    return openDownload(new URL(location, url).href, redirects - 1);
  }
  throw new InfraFailure('download', `answered ${answer.statusCode}`, 'try again later');
}

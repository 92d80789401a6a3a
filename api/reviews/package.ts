import { createHash } from 'node:crypto';
import { once } from 'node:events';
import type { Response } from 'express';
import { z } from 'zod';
import { readRelease, type ReleaseRecord } from '../../adapters/db/releases/record';
import { findReview } from '../../adapters/db/reviews/queue';
import { paths } from '../../contracts/paths';
import { refusal } from '../../core/errors/errors';
import type { RouteDependencies } from '../http/dependencies';
import { route, type Route } from '../http/route';

/**
 * The package that a review is about, byte for byte: what was uploaded, verified and scanned, and what an
 * approval offers to tenants.
 */
export const packageRoute = (deps: RouteDependencies): Route =>
  route({
    method: 'get',
    path: paths.reviewPackage,
    access: 'review:read',
    rate: 'packages',
    summary: 'The package of a review; the connection breaks off if the digest is not that of the review.',
    params: z.object({ reviewQueueId: z.uuid() }),
    replies: {
      200: {
        description: 'The bytes of the package; X-Package-Sha256 is the digest that a decision names',
        contentType: 'application/octet-stream',
      },
    },
    refusals: ['NOT_FOUND', 'OBJECT_NOT_FOUND'],
    async handle({ params: { reviewQueueId }, response }) {
      const found = await findReview(deps.db, reviewQueueId);
      if (!found) throw refusal('NOT_FOUND', `There is no review ${reviewQueueId}.`);
      const release = await readRelease(deps.db, found.releaseId);
      const pieces = await deps.objects.read(release.objectKey);
      sendHead(response, release);
      await sendProven(response, pieces, release);
    },
  });

function sendHead(
  response: Response,
  { pluginId, version, packageBytes, packageSha256 }: ReleaseRecord,
): void {
  response.status(200).set({
    'Content-Type': 'application/octet-stream',
    'Content-Length': String(packageBytes),
    // Ids and versions hold nothing that would need quoting.
    'Content-Disposition': `attachment; filename="${pluginId}-${version}.pxp"`,
    'X-Package-Sha256': packageSha256,
    'Cache-Control': 'no-store',
  });
}

/**
 * Sends the pieces as fast as they are taken, and keeps the last one back until the digest of all is proven:
 * whoever has the whole length has the right bytes.
 */
async function sendProven(
  response: Response,
  pieces: AsyncIterable<Buffer>,
  { packageSha256, packageBytes }: ReleaseRecord,
): Promise<void> {
  const hash = createHash('sha256');
  let bytes = 0;
  let last = Buffer.alloc(0);
  for await (const piece of pieces) {
    hash.update(piece);
    bytes += piece.length;
    if (bytes > packageBytes || !(await write(response, last))) break;
    // The object store uses its buffer again for the next piece.
    last = Buffer.from(piece);
  }
  if (bytes === packageBytes && hash.digest('hex') === packageSha256) response.end(last);
  else response.destroy();
}

/** Resolves once the reader keeps up; false when it has gone. */
async function write(response: Response, piece: Buffer): Promise<boolean> {
  if (piece.length === 0 || (!response.destroyed && response.write(piece))) return !response.destroyed;
  const gone = new AbortController();
  const leave = (): void => gone.abort();
  response.once('close', leave);
  if (!response.destroyed) await once(response, 'drain', { signal: gone.signal }).catch(() => undefined);
  response.off('close', leave);
  return !response.destroyed;
}

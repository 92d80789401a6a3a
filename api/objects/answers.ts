import type { Request, Response } from 'express';

/** How much of a refused body is still read, and for how long, so that its sender sees the answer. */
const LINGER = { bytes: 1024 * 1024, milliseconds: 2000 };

/**
 * After a refusal, discards a little of what the sender still has under way, then hangs up.
 *
 * Closing at once would reset the connection, and the sender would see a broken pipe in place of the
 * problem document; reading on would let anyone send without end.
 */
export function hangUpAfterAnswer(request: Request, response: Response): void {
  if (request.readableEnded || request.complete) return;
  response.once('finish', () => {
    // The whole body arrived meanwhile: the connection is fit for the next part.
    if (request.readableEnded || request.complete) return;
    let discarded = 0;
    const timer = setTimeout(() => request.socket.destroy(), LINGER.milliseconds);
    request.on('data', (chunk: Buffer) => {
      discarded += chunk.length;
      if (discarded > LINGER.bytes) request.socket.destroy();
    });
    request.once('close', () => clearTimeout(timer));
    request.once('end', () => clearTimeout(timer));
    request.resume();
  });
}

/** Headers of every answer: nothing that an author uploaded may act as a page of this origin. */
export function setSafeHeaders(response: Response): void {
  response.set({
    'Content-Security-Policy': "default-src 'none'; sandbox",
    'X-Content-Type-Options': 'nosniff',
    'Cache-Control': 'private, no-transform',
  });
}

import { Refusal, problem } from '../../core/errors/errors';
import type { RefusalOrigin } from './problems';

/** The longest answer that anything here reads into memory, in bytes: far more than a page of any list has. */
const MAX_ANSWER_BYTES = 32 * 1024 * 1024;
/** The longest refusal; what a proxy or an object store says may be cut without loss. */
export const MAX_REFUSAL_BYTES = 1024 * 1024;
/** Pages of one list that are read one after the other; a list of this many never ends. */
const MAX_PAGES = 1_000;

/** An answer without end, or one that is no answer to what was asked: trying again does not help. */
export const tooLarge = (origin: RefusalOrigin, what: string): Refusal =>
  new Refusal([problem('ANSWER_TOO_LARGE', `${origin.method} ${origin.path}: ${what}.`)], { cause: origin });

/**
 * Reads a body as text, up to a number of bytes; its deadline is that of its request.
 *
 * @throws Refusal ANSWER_TOO_LARGE as soon as there is more, without waiting for the end
 */
export async function readAnswer(
  body: AsyncIterable<unknown> | Iterable<unknown>,
  origin: RefusalOrigin,
  maxBytes = MAX_ANSWER_BYTES,
): Promise<string> {
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  // Leaving the loop closes the connection.
  for await (const piece of body as AsyncIterable<Uint8Array>) {
    bytes += piece.length;
    if (bytes > maxBytes) throw tooLarge(origin, `the answer has more than ${maxBytes} bytes`);
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString('utf8');
}

/** Lets go of a body of which nothing is wanted: a short one is read, so that its connection can be used again. */
export const dropAnswer = (body: { dump(): Promise<void> }): Promise<void> =>
  body.dump().catch(() => undefined);

/**
 * All entries of a list, page by page.
 *
 * @throws Refusal ANSWER_TOO_LARGE when the pages do not end
 */
export async function* readPages<P extends { next: string | null }>(
  readPage: (cursor: string | undefined) => Promise<P>,
): AsyncGenerator<P> {
  let cursor: string | undefined;
  for (let count = 0; count < MAX_PAGES; count += 1) {
    const page = await readPage(cursor);
    yield page;
    if (page.next === null) return;
    cursor = page.next;
  }
  throw tooLarge({ method: 'GET', path: 'a list' }, `it has more than ${MAX_PAGES} pages`);
}

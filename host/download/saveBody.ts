import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import type { Dispatcher } from 'undici';
import { Refusal, problem, refusal } from '../../core/errors/errors';
import type { Job } from '../disk/jobRecord';
import { watchPace } from './pace';
import { tooLarge } from './refusals';

/** Writes the body to a new file and to disk, and stops as soon as it is too long or too slow. */
export async function saveBody(
  body: Dispatcher.ResponseData['body'],
  target: string,
  maxBytes: number,
  announced: boolean,
) {
  const hash = createHash('sha256');
  const file = await open(target, 'w');
  const keepPace = watchPace(() => performance.now());
  let bytes = 0;
  try {
    for await (const piece of body as AsyncIterable<Buffer>) {
      bytes += piece.length;
      keepPace(piece.length);
      if (bytes > maxBytes) {
        if (!announced) throw tooLarge(maxBytes);
        throw refusal(
          'PACKAGE_DIGEST',
          `The package has more than the ${maxBytes} bytes that were announced.`,
        );
      }
      hash.update(piece);
      await file.writeFile(piece);
    }
    await file.sync();
  } finally {
    await file.close();
  }
  return { bytes, sha256: hash.digest('hex') };
}

export function checkDigest(got: { bytes: number; sha256: string }, { bytes, sha256 }: Job['source']): void {
  const problems = [
    ...(bytes !== undefined && got.bytes !== bytes
      ? [problem('PACKAGE_DIGEST', `The package has ${got.bytes} bytes; ${bytes} were announced.`)]
      : []),
    ...(sha256 !== undefined && got.sha256 !== sha256
      ? [problem('PACKAGE_DIGEST', `The package has the SHA-256 ${got.sha256}; ${sha256} was announced.`)]
      : []),
  ];
  if (problems.length > 0) throw new Refusal(problems);
}

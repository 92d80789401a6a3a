import { run } from '../../../platform/processes/run';

/** Programs and the shared libraries that they load, each at the path where the loader looks for it. */
export async function listProgramFiles(programs: readonly string[]): Promise<string[]> {
  const listings = await Promise.all(programs.map((program) => run('ldd', [program], { timeout: 10_000 })));
  return [...new Set([...programs, ...listings.flatMap(readListing)])].sort();
}

/**
 * Paths in a listing of `ldd`. Its lines are `name => path (address)` or `path (address)`; what the kernel
 * itself brings has no path.
 *
 * @internal
 */
export const readListing = (listing: string): string[] =>
  listing.split('\n').flatMap((line) => /(?:^|\s)(\/\S+) \(0x[0-9a-f]+\)$/.exec(line)?.[1] ?? []);

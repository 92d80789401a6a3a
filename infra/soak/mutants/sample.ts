import { createHash } from 'node:crypto';

/** So many of the files, chosen by the seed alone: each file's place in the draw is the digest of seed and name. */
export function chooseSample(files: readonly string[], size: number, seed: number): string[] {
  const drawn = files.map((file) => ({
    file,
    place: createHash('sha256').update(`${seed}\0${file}`).digest('hex'),
  }));
  return drawn
    .sort((a, b) => a.place.localeCompare(b.place))
    .slice(0, size)
    .map(({ file }) => file);
}

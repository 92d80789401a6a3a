import { createHash } from 'node:crypto';
import type { Bucket, File } from '@google-cloud/storage';
import { refusal } from '../../../core/errors/errors';
import { JOINS } from '../../../core/ids';
import { isNotFound, isPreconditionFailed } from './faults';

/** Cloud Storage joins at most so many objects in one request. */
const MAX_SOURCES = 32;

/**
 * Joins `sources` into `target`, over levels of intermediate objects where there are too many for one
 * request. The target appears in the last request only, and only where there is none.
 *
 * The names of the intermediate objects follow from the target, so that a retry overwrites and clears
 * what a crash left. Refuses with OBJECT_CONFLICT where the target holds other bytes.
 */
export async function composeTree(bucket: Bucket, sources: string[], target: string): Promise<void> {
  const scratch = `${JOINS}${createHash('sha256').update(target).digest('hex')}/`;
  const last = await joinedLevels(bucket, sources, scratch);
  if (!(await claimed(bucket, last, target))) {
    await assertSameBytes(bucket, last, target, `${scratch}probe`);
  }
  await clear(bucket, scratch);
}

/** Joins into the target unless there is one; says whether it did. */
async function claimed(bucket: Bucket, last: string[], target: string): Promise<boolean> {
  // Asked first as well: not every server that speaks this protocol keeps the precondition on joins.
  if ((await bucket.file(target).exists())[0]) return false;
  try {
    await bucket.combine(last, target, { ifGenerationMatch: 0 });
    return true;
  } catch (error) {
    if (isPreconditionFailed(error)) return false;
    throw error;
  }
}

/** Joins level by level until one request can take the rest; returns that rest. */
async function joinedLevels(bucket: Bucket, sources: string[], scratch: string): Promise<string[]> {
  let level = sources;
  for (let depth = 0; level.length > MAX_SOURCES; depth += 1) {
    level = await Promise.all(
      splitIntoGroups(level, MAX_SOURCES).map(async (group, index) => {
        const joined = `${scratch}${depth}-${index}`;
        await bucket.combine(group, joined);
        return joined;
      }),
    );
  }
  return level;
}

const splitIntoGroups = <T>(items: T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );

/** Joins once more beside the target and compares lengths and CRC32C, which joined objects do have. */
async function assertSameBytes(bucket: Bucket, last: string[], target: string, probe: string): Promise<void> {
  await bucket.combine(last, probe);
  const [joined, existing] = await Promise.all([makeTag(bucket.file(probe)), makeTag(bucket.file(target))]);
  if (joined === existing) return;
  await clear(bucket, probe);
  throw refusal('OBJECT_CONFLICT', `The object ${target} already exists with different content.`);
}

async function makeTag(file: File): Promise<string> {
  const [metadata] = await file.getMetadata();
  return `${metadata.size}:${metadata.crc32c}`;
}

async function clear(bucket: Bucket, prefix: string): Promise<void> {
  const [files] = await bucket.getFiles({ prefix });
  await Promise.all(files.map((file) => removed(file)));
}

/** Removes an object; one that another attempt removed already is fine. */
export async function removed(file: File): Promise<void> {
  try {
    await file.delete();
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}

import { createHash } from 'node:crypto';
import { mkdir, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { refusal } from '../../core/errors/errors';
import { writePieces } from '../../pxp/fileWriter';
import type { ObjectStore } from './objectStore';

/** A stored package as it was announced. */
export interface StoredPackage {
  /** Where the object store has it. */
  key: string;
  /** Lower-case hex. */
  sha256: string;
  bytes: number;
}

/** Local copies of stored packages, for what needs to read at random: one copy however many ask. */
export interface Scratch {
  /**
   * Calls `work` with the path of a local copy whose length and SHA-256 were proven. The copy stays
   * for the next one, until room is needed.
   *
   * @throws Refusal PACKAGE_DIGEST when the stored bytes are not the announced ones; OBJECT_NOT_FOUND
   */
  withPackage<T>(stored: StoredPackage, work: (path: string) => Promise<T>, signal?: AbortSignal): Promise<T>;
  /** Proves what the object store has now, whatever copy is here already; refuses like `withPackage`. */
  prove(stored: StoredPackage, signal?: AbortSignal): Promise<void>;
}

/**
 * A scratch folder over a store. Packages are kept until they exceed `maxBytes` together; the one
 * used longest ago goes first, and none goes while it is used.
 */
export function createScratch(options: { dir: string; maxBytes: number; objects: ObjectStore }): Scratch {
  const { dir, objects } = options;
  const users = new Map<string, number>();
  const fetching = new Map<string, Promise<void>>();
  const locateCopy = (sha256: string) => path.join(dir, `${sha256}.pxp`);

  async function ensure(stored: StoredPackage, signal?: AbortSignal): Promise<void> {
    const found = await stat(locateCopy(stored.sha256)).catch(() => undefined);
    // Only proven bytes ever get this name, so its length is all that is left to look at.
    if (found?.size === stored.bytes) return utimes(locateCopy(stored.sha256), new Date(), new Date());
    const running = fetching.get(stored.sha256);
    if (running) return running;
    const fetched = fetchInto(objects, dir, stored, locateCopy(stored.sha256), signal);
    fetching.set(stored.sha256, fetched);
    try {
      await fetched;
    } finally {
      fetching.delete(stored.sha256);
    }
  }

  async function holding<T>(sha256: string, work: () => Promise<T>): Promise<T> {
    users.set(sha256, (users.get(sha256) ?? 0) + 1);
    try {
      return await work();
    } finally {
      const left = (users.get(sha256) ?? 1) - 1;
      if (left > 0) users.set(sha256, left);
      else users.delete(sha256);
    }
  }

  const tidy = () => makeRoom(dir, options.maxBytes, (name) => users.has(name.replace(/\.pxp$/, '')));

  return {
    withPackage: (stored, work, signal) =>
      holding(stored.sha256, async () => {
        await ensure(stored, signal);
        await tidy();
        return work(locateCopy(stored.sha256));
      }),
    prove: (stored, signal) =>
      holding(stored.sha256, async () => {
        await fetchInto(objects, dir, stored, locateCopy(stored.sha256), signal);
        await tidy();
      }),
  };
}

/** Copies and checks in one pass; the final name appears only when the bytes are the right ones. */
async function fetchInto(
  objects: ObjectStore,
  dir: string,
  { key, sha256, bytes }: StoredPackage,
  target: string,
  signal?: AbortSignal,
): Promise<void> {
  await mkdir(dir, { recursive: true });
  const draft = `${target}.${process.pid}.${Date.now()}.tmp`;
  const hash = createHash('sha256');
  let length = 0;
  const digest = (piece: Buffer) => {
    signal?.throwIfAborted();
    hash.update(piece);
    length += piece.length;
  };
  try {
    // The pipeline ends a source that has fallen silent, too, when the signal says so.
    await pipeline(await objects.read(key), (pieces) => writePieces(draft, pieces, digest), { signal });
    const actual = hash.digest('hex');
    if (length !== bytes || actual !== sha256) {
      const detail = `The uploaded package has ${length} bytes and the SHA-256 ${actual}; ${bytes} bytes and ${sha256} were announced.`;
      throw refusal('PACKAGE_DIGEST', detail);
    }
    await rename(draft, target);
  } finally {
    await rm(draft, { force: true });
  }
}

const STALE_MS = 3_600_000;

/** Removes the copies used longest ago until the rest fits, and drafts that a killed process left. */
async function makeRoom(dir: string, maxBytes: number, isUsed: (name: string) => boolean): Promise<void> {
  const names = await readdir(dir);
  const found = await Promise.all(
    names.map(async (name) => ({ name, stats: await stat(path.join(dir, name)).catch(() => undefined) })),
  );
  const files = found.flatMap(({ name, stats }) =>
    stats ? [{ name, size: stats.size, usedAt: stats.mtimeMs }] : [],
  );
  const stale = files.filter(({ name, usedAt }) => name.endsWith('.tmp') && usedAt < Date.now() - STALE_MS);
  const copies = files.filter(({ name }) => name.endsWith('.pxp')).sort((a, b) => a.usedAt - b.usedAt);
  let total = copies.reduce((sum, { size }) => sum + size, 0);
  const old = copies.filter(({ name, size }) => {
    if (total <= maxBytes || isUsed(name)) return false;
    total -= size;
    return true;
  });
  for (const { name } of [...stale, ...old]) await rm(path.join(dir, name), { force: true });
}

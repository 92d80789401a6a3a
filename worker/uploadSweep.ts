import type { Knex } from 'knex';
import {
  findUploads,
  isPackageNeeded,
  listNeededPackages,
  withPluginLocked,
  type UploadOnRecord,
} from '../adapters/db/releases/storedObjects';
import type { ObjectStore, StoredObject } from '../adapters/objects/objectStore';
import { HOUR } from '../core/duration';
import { getErrorMessage } from '../core/errors/thrown';
import { JOINS, PACKAGES, parsePackageKey, parsePartKey, partPrefix, UPLOADS } from '../core/ids';
import { isUuid } from '../core/messages';
import { repeat } from '../platform/repeat';
import type { LoopContext } from './waitForComponent';

const EVERY_MS = HOUR;
const PAGE = 500;
/** What is younger may belong to a step that runs at this moment. */
const YOUNGEST_MS = HOUR;

interface Sweep {
  db: Knex;
  objects: ObjectStore;
  now: Date;
  signal: AbortSignal;
  /** Hears of each object that could not be judged or removed. */
  onFailure: (key: string, error: unknown) => void;
}

/**
 * Removes parts whose upload has ended, packages that nobody ever verified and no release needs, and what a join left
 * that was cut short; returns how many objects went. An upload never opens again, so a part that is not needed once is not needed later; a package is
 * judged and removed while nothing of its plugin can be submitted. Run twice or by two workers at once, an object
 * goes once, and one that cannot be removed stands in no other's way.
 */
export async function sweepUploads(sweep: Sweep): Promise<number> {
  let removed = 0;
  for await (const page of pagesOf(sweep, UPLOADS)) removed += await sweepParts(sweep, page);
  for await (const page of pagesOf(sweep, PACKAGES)) removed += await sweepPackages(sweep, page);
  for await (const page of pagesOf(sweep, JOINS)) removed += await sweepJoins(sweep, page);
  return removed;
}

async function* pagesOf({ objects, now, signal }: Sweep, prefix: string): AsyncIterable<StoredObject[]> {
  let page: StoredObject[] = [];
  for await (const object of objects.list(prefix)) {
    if (signal.aborted) return;
    if (Date.parse(object.updatedAt) <= now.getTime() - YOUNGEST_MS) page.push(object);
    if (page.length < PAGE) continue;
    yield page;
    page = [];
  }
  if (page.length > 0) yield page;
}

async function sweepParts(sweep: Sweep, page: readonly StoredObject[]): Promise<number> {
  const ids = new Set(page.flatMap(({ key }) => parsePartKey(key) ?? []).filter(isUuid));
  const found = await findUploads(sweep.db, [...ids]);
  const uploads = new Map(found.map((upload) => [upload.releaseId, upload]));
  let removed = 0;
  for (const { key } of page) {
    const upload = uploads.get(parsePartKey(key) ?? '');
    if (upload?.isOpen) continue;
    removed += await attempt(sweep, key, () => removePart(sweep, key, upload));
  }
  return removed;
}

/** Where an address of the upload still holds, it is ended first: the part would come again. */
async function removePart(
  { objects, now }: Sweep,
  key: string,
  upload: UploadOnRecord | undefined,
): Promise<number> {
  if (upload && upload.deadline > now) await objects.endPuts(partPrefix(upload.releaseId), upload.deadline);
  await objects.remove([key]);
  return 1;
}

/** Nearly all of them are needed, so they are asked for by the page; what may go is judged once more, alone. */
async function sweepPackages(sweep: Sweep, page: readonly StoredObject[]): Promise<number> {
  const parsed = page.flatMap(({ key }) => ({ key, ...parsePackageKey(key) }));
  const asked = parsed.flatMap(({ key, pluginId, version, sha256 }) =>
    pluginId && version && sha256 ? [{ key, pluginId, version, sha256 }] : [],
  );
  const needed = await listNeededPackages(sweep.db, asked);
  let removed = 0;
  for (const { key } of asked) {
    if (!needed.has(key)) removed += await attempt(sweep, key, () => sweepPackage(sweep, key));
  }
  return removed;
}

/** A join that is repeated makes its own again, and none takes as long as the youngest of these is old. */
async function sweepJoins(sweep: Sweep, page: readonly StoredObject[]): Promise<number> {
  let removed = 0;
  for (const { key } of page) {
    removed += await attempt(sweep, key, async () => {
      await sweep.objects.remove([key]);
      return 1;
    });
  }
  return removed;
}

async function sweepPackage({ db, objects }: Sweep, key: string): Promise<number> {
  const parsed = parsePackageKey(key);
  if (!parsed || (await isPackageNeeded(db, { ...parsed, key }))) return 0;
  let removed = 0;
  await withPluginLocked(db, parsed.pluginId, async (trx) => {
    // Asked again: it may have been submitted since.
    if (await isPackageNeeded(trx, { ...parsed, key })) return;
    await objects.remove([key]);
    removed = 1;
  });
  return removed;
}

/** One object at a time: what is wrong with it concerns no other. */
async function attempt({ onFailure }: Sweep, key: string, work: () => Promise<number>): Promise<number> {
  try {
    return await work();
  } catch (error) {
    onFailure(key, error);
    return 0;
  }
}

/** Sweeps every hour until it is asked to end; several workers may do so at once. */
export const keepUploadsSwept = (
  parts: { db: Knex; objects: ObjectStore },
  { logger, signal }: LoopContext,
): Promise<void> =>
  repeat(signal, async () => {
    const onFailure = (key: string, error: unknown) =>
      logger.warn({ key, reason: getErrorMessage(error) }, 'an object could not be swept');
    await sweepUploads({ ...parts, now: new Date(), signal, onFailure }).then(
      (removed) => logger.info({ removed }, 'what uploads left behind is removed'),
      (error: unknown) => logger.warn({ reason: getErrorMessage(error) }, 'uploads could not be swept'),
    );
    return EVERY_MS;
  });

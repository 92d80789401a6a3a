import { mkdtemp, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { Updater, type TargetFile } from 'tuf-js';
import { signedReleasesSchema, type SignedReleases } from '../../contracts/distribution/releases';
import { pluginIdSchema } from '../../contracts/plugin';
import { Refusal, refusal } from '../../core/errors/errors';
import { isFileTrouble } from '../../platform/files/trouble';
import { createMetadataFetcher, type MetadataFetcherOptions } from './metadataFetcher';
import { collect, layOut, readTrust, writeTrust, type TrustState } from './trustFile';

/** Limits on what is read before it is verified. */
const LIMITS = {
  maxRootRotations: 64,
  maxDelegations: 4,
  rootMaxLength: 64 * 1024,
  timestampMaxLength: 16 * 1024,
  snapshotMaxLength: 4 * 1024 * 1024,
  targetsMaxLength: 4 * 1024 * 1024,
};
const MOST_TARGET_BYTES = 4 * 1024 * 1024;

/** A host's clock may be set back by this much, as time servers do, before it is no longer believed. */
const CLOCK_TOLERANCE_MS = 5 * 60_000;

export interface TrustOptions extends Omit<MetadataFetcherOptions, 'folder'> {
  /** Where the metadata are served. */
  url: string;
  /** The root metadata that this host was given by other means than the network. */
  pinnedRoot: string;
  /** The file that keeps what was verified. */
  file: string;
  /** Where the metadata lie during an update. */
  staging: string;
  now: () => Date;
}

export interface Trust {
  /**
   * Brings what is known about these plugins to what is signed now.
   *
   * @throws Refusal TRUST_INVALID, TRUST_EXPIRED, TRUST_CLOCK or UNAVAILABLE; what was known stays known
   */
  refresh(pluginIds: 'all' | readonly string[]): Promise<void>;
  releases(): Readonly<Record<string, SignedReleases>>;
  /** Whether nothing that is known has expired: only then may anything new be installed. */
  isFresh(): boolean;
}

/** Verifies what the marketplace states by The Update Framework, from a root that is pinned. */
export async function openTrust(options: TrustOptions): Promise<Trust> {
  let state = await readTrust(options.file, options.pinnedRoot);
  let releases = toReleases(state);

  async function keep(next: TrustState): Promise<void> {
    await writeTrust(options.file, next);
    state = next;
    releases = toReleases(next);
  }

  async function refresh(pluginIds: 'all' | readonly string[]): Promise<void> {
    const now = options.now().getTime();
    if (now < state.verifiedAt - CLOCK_TOLERANCE_MS) {
      throw refusal('TRUST_CLOCK', `It was ${new Date(state.verifiedAt).toISOString()} at an earlier time.`);
    }
    const folder = await mkdtemp(path.join(options.staging, 'trust-'));
    try {
      await layOut(folder, state.files);
      await update(folder, pluginIds, now).catch(async (error: unknown) => {
        // A new root and the newest numbers count from now on, even where what comes after them is refused.
        await keep({ ...state, files: { ...state.files, ...(await collect(folder)) } });
        throw toTrustRefusal(error);
      });
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  async function update(folder: string, pluginIds: 'all' | readonly string[], now: number): Promise<void> {
    const updater = createUpdater(options, folder);
    await updater.refresh();
    const delegations = await readDelegations(folder);
    const all = delegations
      .flatMap(({ paths }) => paths)
      .filter((id) => pluginIdSchema.safeParse(id).success);
    const wanted = pluginIds === 'all' ? all : pluginIds;
    const next: TrustState['releases'] = {};
    for (const pluginId of wanted) {
      const target = await updater.getTargetInfo(pluginId);
      if (target) next[pluginId] = await readReleases(updater, folder, pluginId, target, state);
    }
    const files = dropUnused(await collect(folder), delegations, wanted);
    const freshUntil = firstExpiry(files);
    const isSame = isUnchanged(state, files, next);
    const after = { ...state, files, releases: next, verifiedAt: now, freshUntil };
    if (isSame) state = { ...state, verifiedAt: now };
    else await keep(after);
  }

  return {
    refresh,
    releases: () => releases,
    isFresh: () => {
      const now = options.now().getTime();
      return now < state.freshUntil && now >= state.verifiedAt - CLOCK_TOLERANCE_MS;
    },
  };
}

function createUpdater(options: TrustOptions, folder: string): Updater {
  const base = options.url.replace(/\/+$/, '');
  return new Updater({
    metadataDir: folder,
    metadataBaseUrl: base,
    targetDir: folder,
    targetBaseUrl: `${base}/targets`,
    fetcher: createMetadataFetcher({ ...options, folder }),
    config: LIMITS,
  });
}

/** Which role speaks about which plugins, as the verified targets delegate. */
async function readDelegations(folder: string): Promise<{ name: string; paths: string[] }[]> {
  const text = await readFile(path.join(folder, 'targets.json'), 'utf8');
  const { signed } = JSON.parse(text) as {
    signed: { delegations?: { roles?: { name: string; paths?: string[] }[] } };
  };
  return (signed.delegations?.roles ?? []).map(({ name, paths = [] }) => ({ name, paths }));
}

/** Metadata of roles that were not asked for in this update would expire unseen; they are read again when they are. */
function dropUnused(
  files: TrustState['files'],
  delegations: readonly { name: string; paths: string[] }[],
  wanted: readonly string[],
): TrustState['files'] {
  const unused = delegations.filter(({ paths }) => !paths.some((id) => wanted.includes(id)));
  const names = new Set(unused.map(({ name }) => `${encodeURIComponent(name)}.json`));
  return Object.fromEntries(Object.entries(files).filter(([name]) => !names.has(name)));
}

async function readReleases(
  updater: Updater,
  folder: string,
  pluginId: string,
  target: TargetFile,
  { releases }: TrustState,
): Promise<TrustState['releases'][string]> {
  const sha256 = target.hashes.sha256 ?? '';
  const known = releases[pluginId];
  if (known?.sha256 === sha256) return known;
  if (target.length > MOST_TARGET_BYTES) throw new Error(`The target ${pluginId} is too long.`);
  const file = path.join(folder, 'releases.read');
  await updater.downloadTarget(target, file);
  const document = signedReleasesSchema.parse(JSON.parse(await readFile(file, 'utf8')));
  if (document.pluginId !== pluginId)
    throw new Error(`The target ${pluginId} is about ${document.pluginId}.`);
  return { sha256, document };
}

/** The moment at which the first of the metadata expires. A root that has expired ends trust like any other. */
function firstExpiry(files: TrustState['files']): number {
  const expiries = Object.values(files).map((text) => {
    const { signed } = JSON.parse(text) as { signed?: { expires?: string } };
    return Date.parse(signed?.expires ?? '');
  });
  return Math.min(...expiries);
}

function isUnchanged(
  before: TrustState,
  files: TrustState['files'],
  releases: TrustState['releases'],
): boolean {
  const names = Object.keys(files);
  return (
    before.verifiedAt > 0 &&
    before.freshUntil > 0 &&
    names.length === Object.keys(before.files).length &&
    names.every((name) => before.files[name] === files[name]) &&
    JSON.stringify(Object.keys(before.releases).sort()) === JSON.stringify(Object.keys(releases).sort()) &&
    Object.entries(releases).every(([id, { sha256 }]) => before.releases[id]?.sha256 === sha256)
  );
}

const toReleases = (state: TrustState): Record<string, SignedReleases> =>
  Object.fromEntries(Object.entries(state.releases).map(([id, { document }]) => [id, document]));

/** What the updater threw, in words of the catalogue; an outage is none of the marketplace's lies. */
function toTrustRefusal(error: unknown): unknown {
  const text = error instanceof Error ? error.message : String(error);
  if (error instanceof Refusal || isFileTrouble(error)) return error;
  // The updater gives trouble with files a sentence of its own.
  if (text.includes('Failed to persist metadata')) return refusal('HOST_STORAGE', text);
  if (/UNAVAILABLE|could not be read|answered with status/.test(text)) return refusal('UNAVAILABLE', text);
  const code = /expired/i.test(text) ? 'TRUST_EXPIRED' : 'TRUST_INVALID';
  return refusal(code, `The signed statements of the marketplace were refused: ${text.slice(0, 500)}.`);
}

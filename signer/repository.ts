import { createHash } from 'node:crypto';
import { Metadata, MetadataKind, MetaFile, Snapshot, TargetFile, Targets, Timestamp } from '@tufjs/models';
import type { Root } from '@tufjs/models';
import { canonicalJson } from '../core/canonicalJson';
import type { SigningKey } from './keys';
import { makeDelegations, publisherRole } from './delegations';
import { SPEC_VERSION, toExpiry, type Lifetimes, type OnlineRole } from './roles';

/** What is signed at a moment: the newest metadata of each role. */
export interface Repository {
  root: Metadata<Root>;
  timestamp?: Metadata<Timestamp>;
  snapshot?: Metadata<Snapshot>;
  targets?: Metadata<Targets>;
  publishers: ReadonlyMap<string, Metadata<Targets>>;
}

/** What is to be stated about one plugin, as the bytes that hosts will read. */
export interface Statement {
  pluginId: string;
  publisherId: string;
  body: string;
}

export interface SignedFile {
  name: string;
  body: string;
}

export interface SigningContext {
  keys: Record<OnlineRole, SigningKey>;
  lifetimes: Lifetimes;
  now: Date;
}

/**
 * Signs what has changed or would expire, and nothing else. Statements are about plugins that may have
 * changed; of all others what was signed before stays.
 *
 * @returns the repository after that, and the files that are new in it, the timestamp last
 */
export function signChanges(
  before: Repository,
  statements: readonly Statement[],
  context: SigningContext,
): { repository: Repository; files: SignedFile[] } {
  const { publishers, files } = signPublishers(before, statements, context);
  const targets = signTargets(before, publishers, context);
  const snapshot = signSnapshot(before, targets, publishers, context);
  const timestamp = signTimestamp(before, snapshot, context);
  if (targets !== before.targets) files.push(toFile(`${targets.signed.version}.targets.json`, targets));
  if (snapshot !== before.snapshot) files.push(toFile(`${snapshot.signed.version}.snapshot.json`, snapshot));
  if (timestamp !== before.timestamp) files.push(toFile('timestamp.json', timestamp));
  return { repository: { root: before.root, timestamp, snapshot, targets, publishers }, files };
}

const toFile = (name: string, metadata: Metadata<Targets> | Metadata<Snapshot> | Metadata<Timestamp>) => ({
  name,
  body: canonicalJson(metadata.toJSON()),
});

/**
 * Milliseconds since 1970, or the next number where the clock is behind: what was restored to an earlier state, or
 * could no longer be read because its key was rotated, still goes on above what hosts have seen.
 */
const nextVersion = (before: { version: number } | undefined, now: Date): number =>
  Math.max((before?.version ?? 0) + 1, now.getTime());

/** Whether more than a share of the lifetime is over. */
function isAged(expires: string, lifetimeMs: number, share: number, now: Date): boolean {
  return Date.parse(expires) - now.getTime() < lifetimeMs * (1 - share);
}

function signPublishers(before: Repository, statements: readonly Statement[], context: SigningContext) {
  const { keys, lifetimes, now } = context;
  const files: SignedFile[] = [];
  const stated = new Map<string, Record<string, TargetFile>>();
  for (const [role, metadata] of before.publishers) stated.set(role, { ...metadata.signed.targets });
  for (const { pluginId, publisherId, body } of statements) {
    const sha256 = createHash('sha256').update(body).digest('hex');
    const role = publisherRole(publisherId);
    const targets = stated.get(role) ?? {};
    stated.set(role, targets);
    if (targets[pluginId]?.hashes.sha256 === sha256) continue;
    const length = Buffer.byteLength(body);
    targets[pluginId] = new TargetFile({ path: pluginId, length, hashes: { sha256 } });
    files.push({ name: `targets/${sha256}.${pluginId}`, body });
  }
  const publishers = new Map<string, Metadata<Targets>>();
  for (const [role, targets] of stated) {
    const last = before.publishers.get(role);
    const isKept =
      last &&
      keys.releases.key.keyID in last.signatures &&
      !isAged(last.signed.expires, lifetimes.targets, 0.5, now) &&
      Object.keys(targets).every((id) => last.signed.targets[id] === targets[id]);
    if (isKept) {
      publishers.set(role, last);
      continue;
    }
    const signed = new Targets({ ...stamp(last?.signed, lifetimes.targets, now), targets });
    const metadata = signWith(new Metadata(signed), keys.releases);
    publishers.set(role, metadata);
    files.push(toFile(`${signed.version}.${role}.json`, metadata));
  }
  return { publishers, files };
}

const stamp = (before: { version: number } | undefined, lifetimeMs: number, now: Date) => ({
  version: nextVersion(before, now),
  specVersion: SPEC_VERSION,
  expires: toExpiry(now, lifetimeMs),
});

function signWith<T extends Targets | Snapshot | Timestamp>(
  metadata: Metadata<T>,
  key: SigningKey,
): Metadata<T> {
  metadata.sign((data) => key.sign(data));
  return metadata;
}

function signTargets(
  { targets: last }: Repository,
  publishers: ReadonlyMap<string, Metadata<Targets>>,
  { keys, lifetimes, now }: SigningContext,
): Metadata<Targets> {
  const delegations = makeDelegations(publishers, keys.releases.key);
  const isKept =
    last &&
    last.signed.delegations?.equals(delegations) &&
    keys.targets.key.keyID in last.signatures &&
    !isAged(last.signed.expires, lifetimes.targets, 0.5, now);
  if (isKept) return last;
  const signed = new Targets({ ...stamp(last?.signed, lifetimes.targets, now), targets: {}, delegations });
  return signWith(new Metadata(signed), keys.targets);
}

function signSnapshot(
  { snapshot: last }: Repository,
  targets: Metadata<Targets>,
  publishers: ReadonlyMap<string, Metadata<Targets>>,
  { keys, lifetimes, now }: SigningContext,
): Metadata<Snapshot> {
  const versions = [['targets', targets], ...publishers] as [string, Metadata<Targets>][];
  const meta = Object.fromEntries(
    versions.map(([role, { signed }]) => [`${role}.json`, new MetaFile({ version: signed.version })]),
  );
  const isKept =
    last &&
    keys.snapshot.key.keyID in last.signatures &&
    !isAged(last.signed.expires, lifetimes.snapshot, 0.5, now) &&
    versions.every(([role, { signed }]) => last.signed.meta[`${role}.json`]?.version === signed.version);
  if (isKept) return last;
  const signed = new Snapshot({ ...stamp(last?.signed, lifetimes.snapshot, now), meta });
  return signWith(new Metadata(signed), keys.snapshot);
}

function signTimestamp(
  { timestamp: last }: Repository,
  snapshot: Metadata<Snapshot>,
  { keys, lifetimes, now }: SigningContext,
): Metadata<Timestamp> {
  const { version } = snapshot.signed;
  const isKept =
    last &&
    last.signed.snapshotMeta.version === version &&
    keys.timestamp.key.keyID in last.signatures &&
    !isAged(last.signed.expires, lifetimes.timestamp, 0.1, now);
  if (isKept) return last;
  const snapshotMeta = new MetaFile({ version });
  const signed = new Timestamp({ ...stamp(last?.signed, lifetimes.timestamp, now), snapshotMeta });
  return signWith(new Metadata(signed), keys.timestamp);
}

/** Reads published metadata back, as far as the root still vouches for it; the rest is signed again. */
export function readRepository(root: Metadata<Root>, read: (name: string) => string | undefined): Repository {
  const parse = (name: string): unknown => {
    const text = read(name);
    return text === undefined ? undefined : (JSON.parse(text) as unknown);
  };
  const timestamp = trusted(root, 'timestamp', () =>
    Metadata.fromJSON(MetadataKind.Timestamp, parse('timestamp.json') as never),
  );
  const snapshotName = `${timestamp?.signed.snapshotMeta.version}.snapshot.json`;
  const snapshot = trusted(root, 'snapshot', () =>
    Metadata.fromJSON(MetadataKind.Snapshot, parse(snapshotName) as never),
  );
  const readTargets = (role: string) => () => {
    const version = snapshot?.signed.meta[`${role}.json`]?.version;
    return Metadata.fromJSON(MetadataKind.Targets, parse(`${version}.${role}.json`) as never);
  };
  const targets = trusted(root, 'targets', readTargets('targets'));
  const publishers = new Map<string, Metadata<Targets>>();
  for (const role of Object.keys(targets?.signed.delegations?.roles ?? {})) {
    const metadata = targets && trusted(targets, role, readTargets(role));
    if (metadata) publishers.set(role, metadata);
  }
  return {
    root,
    publishers,
    ...(timestamp ? { timestamp } : {}),
    ...(snapshot ? { snapshot } : {}),
    ...(targets ? { targets } : {}),
  };
}

function trusted<T extends Targets | Snapshot | Timestamp>(
  by: Metadata<Root> | Metadata<Targets>,
  role: string,
  read: () => Metadata<T>,
): Metadata<T> | undefined {
  try {
    const metadata = read();
    (by as Metadata<Root>).verifyDelegate(role, metadata);
    return metadata;
  } catch {
    return undefined;
  }
}

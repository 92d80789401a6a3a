import { createHash } from 'node:crypto';
import { Metadata, MetaFile, Snapshot, TargetFile, Targets, Timestamp } from '@tufjs/models';
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
  /** Signs everything anew, above every number that hosts may have seen: after a backup was restored, for instance. */
  isRenewal?: boolean;
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

/** Whether more than a share of the lifetime is over, or everything is to be signed anew. */
function isAged(
  { expires }: { expires: string },
  lifetimeMs: number,
  share: number,
  { now, isRenewal }: SigningContext,
): boolean {
  return isRenewal === true || Date.parse(expires) - now.getTime() < lifetimeMs * (1 - share);
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
      !isAged(last.signed, lifetimes.targets, 0.5, context) &&
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
  context: SigningContext,
): Metadata<Targets> {
  const { keys, lifetimes, now } = context;
  const delegations = makeDelegations(publishers, keys.releases.key);
  const isKept =
    last &&
    last.signed.delegations?.equals(delegations) &&
    keys.targets.key.keyID in last.signatures &&
    !isAged(last.signed, lifetimes.targets, 0.5, context);
  if (isKept) return last;
  const signed = new Targets({ ...stamp(last?.signed, lifetimes.targets, now), targets: {}, delegations });
  return signWith(new Metadata(signed), keys.targets);
}

function signSnapshot(
  { snapshot: last }: Repository,
  targets: Metadata<Targets>,
  publishers: ReadonlyMap<string, Metadata<Targets>>,
  context: SigningContext,
): Metadata<Snapshot> {
  const { keys, lifetimes, now } = context;
  const versions = [['targets', targets], ...publishers] as [string, Metadata<Targets>][];
  const meta = Object.fromEntries(
    versions.map(([role, { signed }]) => [`${role}.json`, new MetaFile({ version: signed.version })]),
  );
  const isKept =
    last &&
    keys.snapshot.key.keyID in last.signatures &&
    !isAged(last.signed, lifetimes.snapshot, 0.5, context) &&
    versions.every(([role, { signed }]) => last.signed.meta[`${role}.json`]?.version === signed.version);
  if (isKept) return last;
  const signed = new Snapshot({ ...stamp(last?.signed, lifetimes.snapshot, now), meta });
  return signWith(new Metadata(signed), keys.snapshot);
}

function signTimestamp(
  { timestamp: last }: Repository,
  snapshot: Metadata<Snapshot>,
  context: SigningContext,
): Metadata<Timestamp> {
  const { keys, lifetimes, now } = context;
  const { version } = snapshot.signed;
  const isKept =
    last &&
    last.signed.snapshotMeta.version === version &&
    keys.timestamp.key.keyID in last.signatures &&
    !isAged(last.signed, lifetimes.timestamp, 0.1, context);
  if (isKept) return last;
  const snapshotMeta = new MetaFile({ version });
  const signed = new Timestamp({ ...stamp(last?.signed, lifetimes.timestamp, now), snapshotMeta });
  return signWith(new Metadata(signed), keys.timestamp);
}

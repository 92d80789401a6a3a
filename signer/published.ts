import {
  Metadata,
  MetadataKind,
  type Root,
  type Snapshot,
  type Targets,
  type Timestamp,
} from '@tufjs/models';
import { canonicalJson } from '../core/canonicalJson';
import type { Repository, SignedFile } from './repository';

/** Every version of the root as it is served, so that hosts follow from whichever they pinned. */
export const toRootFiles = (roots: readonly Metadata<Root>[]): SignedFile[] =>
  roots.map((each) => ({
    name: `${each.signed.version}.root.json`,
    body: canonicalJson(each.toJSON()),
  }));

/** Whether a file that is served is a version of the root. */
export const isRootFile = (name: string): boolean => /^\d+\.root\.json$/.test(name);

/** The files that a host reads which knows nothing yet, but for the root. */
export function listFiles({ timestamp, snapshot, targets, publishers }: Repository): string[] {
  const roles = [...publishers].map(([role, { signed }]) => `${signed.version}.${role}.json`);
  const documents = [...publishers.values()].flatMap(({ signed }) =>
    Object.values(signed.targets).map(({ path, hashes }) => `targets/${hashes.sha256}.${path}`),
  );
  return [
    ...(timestamp ? ['timestamp.json'] : []),
    ...(snapshot ? [`${snapshot.signed.version}.snapshot.json`] : []),
    ...(targets ? [`${targets.signed.version}.targets.json`] : []),
    ...roles,
    ...documents,
  ];
}

/** Whether everything that was signed could be read back. */
export const isComplete = ({ timestamp, snapshot, targets, publishers }: Repository): boolean =>
  timestamp !== undefined &&
  snapshot !== undefined &&
  targets !== undefined &&
  Object.keys(targets.signed.delegations?.roles ?? {}).every((role) => publishers.has(role));

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

import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { Metadata, MetadataKind, Root, type Key } from '@tufjs/models';
import { Role } from '@tufjs/models/dist/role';
import { canonicalJson } from '../core/canonicalJson';
import { refusal } from '../core/errors/errors';
import { replaceFile } from '../platform/files/durable';
import { createSigningKey, readSigningKey, type SigningKey } from './keys';
import { onlineRoles, ROOT_LIFETIME_MS, rootedRoles, SPEC_VERSION, toExpiry, type OnlineRole } from './roles';

/** Where keys and root metadata lie. Every `offline` folder or file holds root keys and is away between ceremonies. */
export interface TrustFolders {
  offline: string;
  /** The folder that the signer reads: a key a role, and `root/` with every version of the root. */
  online: string;
}

export const keyFile = (folder: string, role: string): string => path.join(folder, `${role}.pem`);
const rootFile = (online: string, version: number): string =>
  path.join(online, 'root', `${version}.root.json`);

/** Every version of the root, oldest first. */
export async function readRoots(online: string): Promise<Metadata<Root>[]> {
  const names = await readdir(path.join(online, 'root')).catch(() => []);
  const versions = names
    .map((name) => Number(/^(\d+)\.root\.json$/.exec(name)?.[1]))
    .filter((each) => each > 0);
  const sorted = versions.sort((a, b) => a - b);
  return Promise.all(
    sorted.map(async (version) => parseRoot(await readFile(rootFile(online, version), 'utf8'))),
  );
}

const parseRoot = (text: string): Metadata<Root> =>
  Metadata.fromJSON(MetadataKind.Root, JSON.parse(text) as never);

/**
 * Makes every key and the first root. Nothing that is there is overwritten.
 *
 * @throws Refusal TRUST_CEREMONY_DONE where there is a root already
 */
export async function holdCeremony(
  { offline, online }: TrustFolders,
  { rootKeys, threshold }: { rootKeys: number; threshold: number },
  now: Date,
): Promise<Metadata<Root>> {
  if (
    (await readRoots(online)).length > 0 ||
    (await stat(keyFile(offline, 'root-1')).catch(() => undefined))
  ) {
    throw refusal('TRUST_CEREMONY_DONE', `${online} has a root already.`);
  }
  if (!(threshold >= 1 && threshold <= rootKeys)) {
    throw refusal('TRUST_KEY_UNUSABLE', `${rootKeys} root keys cannot reach a threshold of ${threshold}.`);
  }
  const numbers = Array.from({ length: rootKeys }, (_, index) => index + 1);
  const roots = await Promise.all(numbers.map((each) => createSigningKey(keyFile(offline, `root-${each}`))));
  const made = await Promise.all(
    onlineRoles.map(async (role) => [role, await createSigningKey(keyFile(online, role))] as const),
  );
  const online_ = Object.fromEntries(made) as Record<OnlineRole, SigningKey>;
  const roles = {
    root: { keys: roots.map(({ key }) => key), threshold },
    ...Object.fromEntries(rootedRoles.map((role) => [role, { keys: [online_[role].key], threshold: 1 }])),
  };
  return writeRoot(online, { version: 1, roles, signers: roots }, now);
}

type RoleKeys = Record<string, { keys: readonly Key[]; threshold: number }>;

async function writeRoot(
  online: string,
  { version, roles, signers }: { version: number; roles: RoleKeys; signers: readonly SigningKey[] },
  now: Date,
): Promise<Metadata<Root>> {
  const keys = Object.values(roles).flatMap((role) => role.keys);
  const signed = new Root({
    version,
    specVersion: SPEC_VERSION,
    expires: toExpiry(now, ROOT_LIFETIME_MS),
    consistentSnapshot: true,
    keys: Object.fromEntries(keys.map((key) => [key.keyID, key])),
    roles: Object.fromEntries(
      Object.entries(roles).map(([name, role]) => [
        name,
        new Role({ keyIDs: role.keys.map(({ keyID }) => keyID), threshold: role.threshold }),
      ]),
    ),
  });
  const metadata = new Metadata(signed);
  for (const signer of signers) metadata.sign((data) => signer.sign(data));
  metadata.verifyDelegate('root', metadata);
  await replaceFile(rootFile(online, version), canonicalJson(metadata.toJSON()), { mode: 0o644 });
  return metadata;
}

/** What a rotation replaces: the key of an online role, one root key by its id, or nothing but the expiry. */
export type Rotation =
  { role: OnlineRole } | { role: 'root'; keyId: string; newKeyFile: string } | { role: 'none' };

/**
 * Makes the next version of the root with a new key in the place of one, or with a later expiry. Root keys are
 * read from the folder of the ceremony; a lost or stolen one is not among them.
 *
 * @throws Refusal TRUST_THRESHOLD where too few root keys are at hand
 */
export async function rotate({ offline, online }: TrustFolders, rotation: Rotation, now: Date) {
  const last = (await readRoots(online)).at(-1);
  if (!last) throw refusal('TRUST_KEY_UNUSABLE', `${online} has no root. Hold a ceremony first.`);
  const roles = describeRoles(last.signed);
  const { keys: rootKeys, threshold } = roles.root ?? { keys: [], threshold: 1 };
  const signers = await findRootKeys(offline, rootKeys);
  if (signers.length < threshold) {
    const detail = `${offline} has ${signers.length} of the ${threshold} root keys that are needed.`;
    throw refusal('TRUST_THRESHOLD', detail);
  }
  if (rotation.role === 'root') {
    const added = await createSigningKey(rotation.newKeyFile);
    const kept = rootKeys.filter(({ keyID }) => keyID !== rotation.keyId);
    if (kept.length === rootKeys.length)
      throw refusal('TRUST_KEY_UNUSABLE', `The root has no key ${rotation.keyId}.`);
    roles.root = { keys: [...kept, added.key], threshold };
    signers.push(added);
  } else if (rotation.role !== 'none') {
    const added = await createSigningKey(keyFile(online, rotation.role));
    // What is delegated to publishers is not the root's; the signer names that key in the targets.
    if (rotation.role === 'releases') return last;
    roles[rotation.role] = { keys: [added.key], threshold: 1 };
  }
  return writeRoot(online, { version: last.signed.version + 1, roles, signers }, now);
}

const describeRoles = (root: Root): RoleKeys =>
  Object.fromEntries(
    Object.entries(root.roles).map(([name, { keyIDs, threshold }]) => [
      name,
      { keys: keyIDs.map((id) => root.keys[id]).filter((key) => key !== undefined), threshold },
    ]),
  );

async function findRootKeys(offline: string, wanted: readonly Key[]): Promise<SigningKey[]> {
  const names = (await readdir(offline)).filter((name) => name.endsWith('.pem'));
  const found = await Promise.all(names.map((name) => readSigningKey(path.join(offline, name))));
  return found.filter(({ key }) => wanted.some(({ keyID }) => keyID === key.keyID));
}

/** What the signer signs with, and every version of the root, the newest of which names the keys. */
export interface OnlineKeys {
  keys: Record<OnlineRole, SigningKey>;
  roots: Metadata<Root>[];
  root: Metadata<Root>;
}

/** The keys that the signer holds. @throws Refusal TRUST_KEY_UNUSABLE where one is not the root's */
export async function readOnlineKeys(online: string): Promise<OnlineKeys> {
  const roots = await readRoots(online);
  const root = roots.at(-1);
  if (!root) throw refusal('TRUST_KEY_UNUSABLE', `${online} has no root. Hold a ceremony first.`);
  const read = await Promise.all(
    onlineRoles.map(async (role) => [role, await readSigningKey(keyFile(online, role))] as const),
  );
  const keys = Object.fromEntries(read) as Record<OnlineRole, SigningKey>;
  for (const role of rootedRoles) {
    if (!root.signed.roles[role]?.keyIDs.includes(keys[role].key.keyID))
      throw refusal('TRUST_KEY_UNUSABLE', `The root does not name the key ${keyFile(online, role)}.`);
  }
  return { keys, roots, root };
}

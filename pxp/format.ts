import { MAX_PATH_BYTES } from '../core/entryPaths';

/** Names, order and limits of the package format; docs/package-format.md is the specification. */

export const MANIFEST = 'manifest.json';
export const PLUGIN_YAML = 'plugin.yaml';
export const INTEGRITY = 'integrity.txt';
export const SIGNATURE = 'manifest.signature';
export const LICENSE = 'LICENSE';
export const RELEASE_NOTES = 'docs/release-notes.md';

/** Folders whose files are packed; everything else of a plugin folder stays at home. */
export const CONTENT_ROOTS = [
  'assets',
  'backend',
  'contracts',
  'dist',
  'docs',
  'frontend',
  'migrations',
  'web-admin',
] as const;

/** What a reader accepts before it inflates a single byte. All sizes are bytes. */
export interface PackageLimits {
  maxEntries: number;
  maxTotalBytes: number;
  /** Entries below `ratioFreeBytes` may deflate as well as they like. */
  maxRatio: number;
  ratioFreeBytes: number;
  maxNameBytes: number;
  /** All names together, as the directory holds them. */
  maxNamesBytes: number;
  maxFolders: number;
  maxManifestBytes: number;
  maxIntegrityBytes: number;
  maxSignatureBytes: number;
}

const KIB = 1024;
const MIB = 1024 * KIB;

export const DEFAULT_LIMITS: Readonly<PackageLimits> = {
  maxEntries: 50_000,
  maxTotalBytes: 4096 * MIB,
  maxRatio: 100,
  ratioFreeBytes: 64 * KIB,
  maxNameBytes: MAX_PATH_BYTES,
  maxNamesBytes: 8 * MIB,
  maxFolders: 50_000,
  maxManifestBytes: MIB,
  maxIntegrityBytes: 32 * MIB,
  maxSignatureBytes: 64 * KIB,
};

/** `linux`, `amd64` and the like; a package that runs everywhere is `any`, `any`. */
export interface Platform {
  os: string;
  arch: string;
}

/** `<pluginId>-<version>-<os>-<arch>.pxp`. */
export function packageFileName(
  plugin: { id: string; version: string },
  platform: Platform = { os: 'any', arch: 'any' },
): string {
  return `${plugin.id}-${plugin.version}-${platform.os}-${platform.arch}.pxp`;
}

/** The digest list that lies beside the package `x.pxp`: `x.integrity.txt`. */
export const integrityPath = (packagePath: string): string =>
  `${packagePath.replace(/\.pxp$/, '')}.${INTEGRITY}`;

/** The detached signature over that list: `x.pxp.asc`. */
export const signaturePath = (packagePath: string): string => `${packagePath}.asc`;

const RANKS: ReadonlyMap<string, number> = new Map([
  [MANIFEST, 0],
  [PLUGIN_YAML, 1],
  [INTEGRITY, 3],
  [SIGNATURE, 4],
]);
const CONTENT_RANK = 2;
const rankPath = (path: string): number => RANKS.get(path) ?? CONTENT_RANK;

/** Bytewise order of UTF-8, which differs from JavaScript's own beyond the basic plane. */
export const compareBytewise = (a: string, b: string): number =>
  Buffer.compare(Buffer.from(a), Buffer.from(b));

/** The order of entries: what a reader needs first comes first, the seal comes last. */
export const compareEntryPaths = (a: string, b: string): number =>
  rankPath(a) - rankPath(b) || compareBytewise(a, b);

/** Whether the path is one that a package may hold at all. */
export function hasPlace(path: string): boolean {
  if (path === LICENSE || RANKS.has(path)) return true;
  return CONTENT_ROOTS.some((root) => path.startsWith(`${root}/`));
}

/** `integrity.txt` covers every entry but itself and the signature over it. */
export const isSealed = (path: string): boolean => path !== INTEGRITY && path !== SIGNATURE;

import type { ErrorCode } from '../errors/errors';
import type { installationsErrors } from '../errors/installations';
import type { packagesErrors } from '../errors/packages';

/**
 * Whose a failure is. `version`: the version itself is at fault, and only this condemns it. `tenant`: the host, which
 * its tenant mends. `way`: what lies between the object store and the host. `ours`: the marketplace.
 */
export const failureKinds = ['version', 'tenant', 'way', 'ours'] as const;
export type FailureKind = (typeof failureKinds)[number];

/** Failures that say nothing about the version. */
export type TroubleKind = Exclude<FailureKind, 'version'>;

/** Codes of the catalogue that belong to signing, to requests of a person, and to no installation. */
type Elsewhere =
  | 'TRUST_KEY_UNUSABLE'
  | 'TRUST_CEREMONY_DONE'
  | 'TRUST_USAGE'
  | 'TRUST_THRESHOLD'
  | 'PLUGIN_NOT_INSTALLED'
  | 'SUBSCRIPTIONS_FULL'
  | 'JOB_NOT_FOUND';

/** Codes that an installation can end with; one that is added to these files must get its kind here. */
type InstallCode = Exclude<keyof typeof installationsErrors, Elsewhere> | keyof typeof packagesErrors;

/**
 * The kind of every code that a host can report. What a plugin does in its sandbox has the codes `HEALTH_CHECK_FAILED`
 * and `INSTALL_FAILED`, so that no plugin can pass its failure off as another's.
 */
const kinds = {
  HEALTH_CHECK_FAILED: 'version',
  INSTALL_FAILED: 'version',
  ENTRY_MISSING: 'version',
  HEALTH_MISSING: 'version',
  MANIFEST_MISSING: 'version',
  MANIFEST_INVALID: 'version',
  PLUGIN_YAML_MISSING: 'version',
  PLUGIN_YAML_INVALID: 'version',
  PRECHECK_MANIFEST_MISMATCH: 'version',
  PACKAGE_IDENTITY: 'version',
  PACKAGE_FORM: 'version',
  PACKAGE_TOO_LARGE: 'version',
  PACKAGE_SYMLINK: 'version',
  PACKAGE_PATH: 'version',
  PACKAGE_SOURCE_CHANGED: 'version',
  PACKAGE_TARGET: 'version',
  INTEGRITY_MISMATCH: 'version',
  INTEGRITY_MISSING: 'version',
  INTEGRITY_EXTRA: 'version',
  SIGNATURE_REQUIRED: 'version',
  SIGNATURE_INVALID: 'version',
  SIGNATURE_KEY_EXPIRED: 'version',
  SIGNATURE_KEY_REVOKED: 'version',

  HOST_INCOMPATIBLE: 'tenant',
  HOST_DISK_FULL: 'tenant',
  HOST_CLOCK: 'tenant',
  HOST_STORAGE: 'tenant',
  HOST_SANDBOX: 'tenant',
  HOST_POLICY: 'tenant',
  HOST_STOPPED: 'tenant',
  HOST_FOLDER_BUSY: 'tenant',
  INSTALL_BACKUP_MISSING: 'tenant',
  INSTALL_BUSY: 'tenant',
  INSTALL_SOURCE_REFUSED: 'tenant',
  PUBLISHER_CHANGED: 'tenant',
  TRUST_CLOCK: 'tenant',

  DOWNLOAD_CORRUPTED: 'way',
  DOWNLOAD_FAILED: 'way',
  PACKAGE_DIGEST: 'way',
  OBJECTS_UNAVAILABLE: 'way',
  OBJECT_NOT_FOUND: 'way',
  OBJECTS_URL_EXPIRED: 'way',
  OBJECTS_SIGNATURE: 'way',

  UNAVAILABLE: 'ours',
  INTERNAL: 'ours',
  RATE_LIMITED: 'ours',
  ANSWER_TOO_LARGE: 'ours',
  TOKEN_MISSING: 'ours',
  TOKEN_INVALID: 'ours',
  SCOPE_MISSING: 'ours',
  NOT_FOUND: 'ours',
  RELEASE_NOT_FOUND: 'ours',
  SIGNATURE_UNKNOWN_KEY: 'ours',
  NOT_ENDORSED: 'ours',
  TRUST_INVALID: 'ours',
  TRUST_EXPIRED: 'ours',
  NOT_IN_STAGE: 'ours',
  VERSION_RESTRICTED: 'ours',
  VERSION_WITHDRAWN: 'ours',
} as const satisfies Partial<Record<ErrorCode, FailureKind>> & Record<InstallCode, FailureKind>;

const byCode: ReadonlyMap<string, FailureKind> = new Map(Object.entries(kinds));

/**
 * Codes that the marketplace answers with where nothing is wrong, and those of a host that goes on by itself in a
 * moment: they are neither reported nor shown.
 */
const quiet: ReadonlySet<string> = new Set<keyof typeof kinds>([
  'NOT_IN_STAGE',
  'VERSION_RESTRICTED',
  'VERSION_WITHDRAWN',
  'INSTALL_BUSY',
  'HOST_STOPPED',
]);

/** Codes that tell of trouble, by the kind that each has. @internal for the page and its test */
export const listCodes = (kind: FailureKind): string[] =>
  [...byCode].filter(([code, each]) => each === kind && !quiet.has(code)).map(([code]) => code);

/**
 * Whose a failure is, by its code alone: what a host says beside it changes nothing. A code that is missing or unknown
 * is the version's, because a bad version that goes on harms every tenant and a good one that is held harms none; a
 * single such report asks for a second opinion.
 */
export const classifyFailure = (code: string | undefined): FailureKind =>
  (code === undefined ? undefined : byCode.get(code)) ?? 'version';

/** The kind of trouble that a code tells of; undefined where the failure is the version's. */
export function findTrouble(code: string | undefined): TroubleKind | undefined {
  const kind = classifyFailure(code);
  return kind === 'version' ? undefined : kind;
}

/** Whether somebody has to know of it. */
export const isWorthTelling = (code: string): boolean => !quiet.has(code);

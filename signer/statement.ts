import type { StatedVersion } from '../adapters/db/distribution/stated';
import type { SignedReleases, SignedVersion } from '../contracts/distribution/releases';
import { canonicalJson } from '../core/canonicalJson';
import { isDistrusted } from '../core/identity/keys';
import type { Statement } from './repository';

/** Bytes that a host reads of one statement. */
const MOST_BYTES = 4 * 1024 * 1024;

/** Versions that one statement may name. */
export const MOST_VERSIONS = 2_000;

const NOBODY = { basisPoints: 0, allow: [], deny: [] };

/**
 * Whether the rows prove that a version was listed: the worker listed it, and one release of it was verified and
 * approved with exactly the package that would be stated. Rows of the feed alone prove nothing.
 */
export const isProven = ({ listed_at, is_approved, key }: StatedVersion): boolean =>
  listed_at !== null && is_approved && key !== null;

/**
 * What may be stated about a plugin by the rows of its versions, latest change first; versions that the rows do not
 * prove are left out. Undefined where nothing is left.
 */
export function toStatement(rows: readonly StatedVersion[]): Statement | undefined {
  const proven = rows.filter(isProven).slice(0, MOST_VERSIONS);
  const [first] = proven;
  if (!first) return undefined;
  const { plugin_id: pluginId, publisher_id: publisherId } = first;
  const body = canonicalJson({
    pluginId,
    publisherId,
    keys: listKeys(proven),
    versions: proven.map(toSignedVersion),
  } satisfies SignedReleases);
  // The earliest changes are left out: a host that knows nothing of a version neither installs nor removes it.
  if (Buffer.byteLength(body) > MOST_BYTES) return toStatement(proven.slice(0, proven.length / 2));
  return { pluginId, publisherId, body };
}

/** Keys that signed what is stated. A further key counts once a version that it signed is listed. */
function listKeys(proven: readonly StatedVersion[]): string[] {
  const trusted = proven.filter(({ key }) => key !== null && !isDistrusted(key));
  return [...new Set(trusted.map(({ signed_by }) => (signed_by ?? '').toUpperCase()))].sort();
}

function toSignedVersion(row: StatedVersion): SignedVersion {
  const { salt, basisPoints } = row.rule;
  // In their own order the names would tell in which order tenants were listed.
  const rule = { salt, basisPoints, allow: [...row.rule.allow].sort(), deny: [...row.rule.deny].sort() };
  return {
    version: row.version,
    channel: row.channel,
    state: isWithdrawn(row) ? 'withdrawn' : 'listed',
    revision: row.revision,
    at: row.at.toISOString(),
    stage: row.stage,
    rule: isOpen(row) ? rule : { ...rule, ...NOBODY },
    package: {
      sha256: row.package_sha256,
      bytes: row.package_bytes,
      manifestDigest: row.manifest_digest,
    },
    requires: row.requires,
    previousVersion: row.previous_version,
  };
}

/** Whether tenants may have the version newly, as the API answers for downloads. */
const isOpen = ({ kind, withheld, withdrawn_at, key }: StatedVersion): boolean =>
  kind === 'offer' && withheld === null && withdrawn_at === null && key !== null && !isDistrusted(key);

/** A block withdraws as a withdrawal does; a quarantine leaves what is installed. */
const isWithdrawn = ({ kind, withheld }: StatedVersion): boolean =>
  kind === 'withdraw' || withheld === 'block';

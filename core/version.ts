import semver from 'semver';
import { problem, type Problem } from './errors/errors';

/** Whether a text is a SemVer 2.0.0 version, exactly: no `v`, no leading zeros, no blanks. */
export function isVersion(text: string): boolean {
  const parsed = semver.parse(text);
  if (!parsed) return false;
  const build = parsed.build.length > 0 ? `+${parsed.build.join('.')}` : '';
  return `${parsed.version}${build}` === text;
}

/** The spelling that SemVer has for what somebody wrote as a version, such as `1.0.0` for `v1.0`; undefined where it is unclear. */
export function suggestVersion(text: string): string | undefined {
  const bare = text.trim().replace(/^[vV=]+\s*/, '');
  const filled = /^\d+(?:\.\d+)?$/.test(bare)
    ? `${bare}${'.0'.repeat(2 - (bare.split('.').length - 1))}`
    : bare;
  const parsed = semver.parse(filled, { loose: true });
  return parsed && isVersion(parsed.version) && parsed.version !== text ? parsed.version : undefined;
}

/** Whether a version says of itself that it is not finished. */
export const isPrerelease = (version: string): boolean => (semver.parse(version)?.prerelease.length ?? 0) > 0;

/** SemVer order; build metadata is ignored. Negative when `a` comes first. */
export const compareVersions = (a: string, b: string): number => semver.compare(a, b);

export const isNewer = (candidate: string, current: string): boolean => semver.gt(candidate, current);

/** The newest of some versions, or undefined of none. */
export const newest = (versions: readonly string[]): string | undefined => semver.rsort([...versions])[0];

/**
 * Whether `version` may follow `published`, the versions that the channel already has (PRE-02).
 * The same version again is not judged here: that is a matter of content, not of order.
 */
export function checkIncrement(version: string, channel: string, published: readonly string[]): Problem[] {
  const latest = newest(published.filter((each) => each !== version));
  if (latest === undefined || isNewer(version, latest)) return [];
  const detail = `Version ${version} is not greater than ${latest}, the newest version in channel ${channel}.`;
  return [problem('VERSION_NOT_INCREMENTED', detail, '/version')];
}

import semver from 'semver';
import { problem, type Problem } from './errors/errors';

/** Whether a text is a SemVer 2.0.0 version, exactly: no `v`, no leading zeros, no blanks. */
export function isVersion(text: string): boolean {
  const parsed = semver.parse(text);
  if (!parsed) return false;
  const build = parsed.build.length > 0 ? `+${parsed.build.join('.')}` : '';
  return `${parsed.version}${build}` === text;
}

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

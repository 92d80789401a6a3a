/** A step of a release: what it does in words, and the command that does it. */
export interface ReleaseStep {
  title: string;
  command: readonly string[];
}

export const tagName = (version: string): string => `v${version}`;

/** Files of .changeset/ that announce a change: not the README, not the settings. */
export const listChangesets = (names: readonly string[]): string[] =>
  names.filter((name) => name.endsWith('.md') && name !== 'README.md').sort();

/** What stands in the way of a release, all of it at once. */
export function listObstacles(facts: {
  changesets: readonly string[];
  uncommitted: readonly string[];
  branch: string;
}): string[] {
  const { changesets, uncommitted, branch } = facts;
  return [
    ...(changesets.length === 0 ? ['there is no changeset: describe what changed with `npx changeset`'] : []),
    ...(uncommitted.length > 0 ? [`there are uncommitted files: ${uncommitted.join(', ')}`] : []),
    ...(branch === 'main' ? [] : [`the branch is ${branch}: releases are made on main`]),
  ];
}

/** Before the new version is known: changesets become a version and an entry of CHANGELOG.md. */
export const versionStep: ReleaseStep = {
  title: 'version and changelog',
  command: ['npx', 'changeset', 'version'],
};

/**
 * What follows, with the new version in package.json. Histories are recorded before the tag, because those of a
 * tagged version are never recorded again: every later version replays them.
 */
export const stepsAfterVersion = (version: string): ReleaseStep[] => [
  {
    title: 'format what was written',
    command: ['npx', 'prettier', '--write', '--log-level', 'warn', 'CHANGELOG.md', 'package.json'],
  },
  {
    title: 'version in the lock file',
    command: ['npm', 'install', '--package-lock-only', '--ignore-scripts', '--no-audit', '--no-fund'],
  },
  { title: 'complete lock file', command: ['npm', 'run', '--silent', 'lock:complete'] },
  { title: 'replay histories of this version', command: ['npx', 'tsx', 'test/replay/record.ts'] },
  { title: 'commit', command: ['git', 'add', '--all'] },
  { title: 'commit', command: ['git', 'commit', '--quiet', '--message', `Release ${version}`] },
  {
    title: `tag ${tagName(version)}`,
    command: ['git', 'tag', '--annotate', tagName(version), '--message', `Spillway ${version}`],
  },
];

import { HOUR, MINUTE } from '../duration';
import { problem, type Problem } from '../errors/errors';
import { formatVersionId } from '../ids';
import { compareVersions, isNewer } from '../version';
import { isInstallable, type ReleaseState } from './state';

/**
 * How far a version must have come to take the place of an older one. `listed` is enough against one that waits to
 * be listed: tenants would be told of the older one after the newer one, and hosts that are offered both install the
 * newer. One that is being rolled out gives way to a `completed` one only, after which no host reports on it any
 * more; before that the newer one may yet be taken back.
 */
export type Progress = 'listed' | 'completed';

/** Whether a release in this state has come so far. */
export const hasReached = (state: ReleaseState, progress: Progress): boolean =>
  progress === 'completed' ? state === 'completed' : isInstallable(state) && state !== 'superseded';

const FIRST_LOOK_MS = 5 * MINUTE;
const LONGEST_LOOK_MS = 6 * HOUR;

/** Pauses between two looks for a newer version while a rollout waits for an operator, in milliseconds. */
export const getSuccessorLooks = ({
  holdMs,
}: {
  holdMs: number;
}): { firstMs: number; longestMs: number } => ({
  firstMs: Math.max(1, Math.min(FIRST_LOOK_MS, holdMs)),
  longestMs: LONGEST_LOOK_MS,
});

/** Which of some versions are newer than another, the newest first. */
export const listNewer = <T extends { version: string }>(others: readonly T[], than: string): T[] =>
  others
    .filter(({ version }) => isNewer(version, than))
    .sort((a, b) => compareVersions(b.version, a.version));

/** Why a release ended as superseded, as its author reads it. */
export const describeSuperseded = (
  { pluginId, version, channel }: { pluginId: string; version: string; channel: string },
  successor: string,
): Problem =>
  problem(
    'VERSION_SUPERSEDED',
    `${successor} is out in the channel ${channel}, which is newer than ${formatVersionId(pluginId, version)}.`,
    '/version',
  );

import { HOUR, MINUTE } from '../duration';
import { isBefore, isTerminal, type ReleaseState } from '../releases/state';

/**
 * How the run of a workflow is found. `reset`: it was put back to an earlier point, so the records are ahead of it;
 * `foreign`: under the id runs something that the platform did not start; `held`: somebody keeps it or one of its steps
 * from going on; `absent`: nothing runs, whatever ended it.
 */
export const runStandings = ['running', 'reset', 'foreign', 'held', 'absent'] as const;
export type RunStanding = (typeof runStandings)[number];

/** What a release and its two workflows look like at one moment. */
export interface Observation {
  /** Undefined where no release has that workflow id. */
  state: ReleaseState | undefined;
  release: RunStanding;
  rollout: RunStanding;
  /** For how long it has looked like this, in milliseconds. */
  settledMs: number;
}

/** `restart`: whatever runs is ended, and the release is started from its rows; `end`: what no row needs is ended. */
export type Correction = 'none' | 'restart' | 'end';

/** A rollout begins a moment after its release says so: one that is absent for this long is lost, in milliseconds. */
export const LOST_AFTER_MS = MINUTE;
/** A run whose release has ended still notifies and clears away: one that lasts for this long does not. */
export const UNNEEDED_AFTER_MS = 10 * MINUTE;

/** A release is restarted this often an hour; after that an operator is asked, and it is tried again later. */
export const MOST_RESTARTS_AN_HOUR = 5;
export const RESTART_WINDOW_MS = HOUR;

/** Which workflows the row of a release needs. */
export const listNeeded = (state: ReleaseState | undefined): { release: boolean; rollout: boolean } => ({
  release: state !== undefined && !isTerminal(state),
  rollout: state === 'rolling_out' || state === 'paused',
});

/**
 * What has to be done so that the workflow engine agrees with the rows. A run that was lost, reset, replaced or held up is one
 * that no step of the platform leads to, so it is corrected at once; everything else only when it lasts.
 */
export function judgeRuns({ state, release, rollout, settledMs }: Observation): Correction {
  const needed = listNeeded(state);
  const unneeded = [needed.release ? 'absent' : release, needed.rollout ? 'absent' : rollout];
  if (needed.release && isLost(release, true)) return 'restart';
  if (needed.rollout && isLost(rollout, settledMs >= LOST_AFTER_MS)) return 'restart';
  if (unneeded.every((run) => run === 'absent')) return 'none';
  return unneeded.includes('reset') || settledMs >= UNNEEDED_AFTER_MS ? 'end' : 'none';
}

/** A withdrawal that has not taken place this long after it was asked for has not reached its release, in milliseconds. */
export const UNHEARD_AFTER_MS = MINUTE;

/** Whether a release that waits has to be told that its publisher has asked to withdraw it. */
export const isWithdrawalUnheard = (
  { state, withdrawAskedAt }: { state: ReleaseState; withdrawAskedAt: Date | null },
  now: Date,
): boolean =>
  withdrawAskedAt !== null &&
  isBefore(state, 'listed') &&
  now.getTime() - withdrawAskedAt.getTime() >= UNHEARD_AFTER_MS;

const isLost = (run: RunStanding, isAbsenceLoss: boolean): boolean =>
  run === 'absent' ? isAbsenceLoss : run !== 'running';

import type { RolloutState } from '../releases/rolloutPlan';
import type { ReleaseState } from '../releases/state';
import { isOpenCommand, type RolloutAction } from './commands';
import type { StageVerdict } from './verdict';

/** What is on record about a rollout that a run takes up. */
export interface RolloutRows {
  /** Null before the first stage has begun. */
  rolloutState: RolloutState | null;
  /** The stage that began last; undefined before the first. */
  lastStage: { stage: number; verdict: StageVerdict | null } | undefined;
}

/** Where a rollout goes on: with a stage, or with taking the version back. Stages count from 1. */
export interface RolloutPosition {
  next: 'stage' | 'rollback';
  /** The stage to go on with, or the one in which the version is taken back. One more than the plan has: all passed. */
  stage: number;
}

/**
 * Where a rollout goes on, by its rows: in the stage that is running, in the next one where that has passed, and with
 * the rollback where that has begun or a verdict asks for it.
 */
export function findPosition({ rolloutState, lastStage }: RolloutRows): RolloutPosition {
  if (!lastStage) return { next: 'stage', stage: 1 };
  const { stage, verdict } = lastStage;
  const isGoingBack = rolloutState === 'rolling_back' || rolloutState === 'rolled_back';
  if (isGoingBack || verdict === 'fail') return { next: 'rollback', stage };
  const hasPassed = verdict === 'pass' || verdict === 'empty';
  return { next: 'stage', stage: hasPassed ? stage + 1 : stage };
}

/** A command as it is on record. */
export interface GivenCommand<By> {
  action: RolloutAction;
  by: By;
  givenAt: Date;
  expiresAt: Date;
  takenAt: Date | null;
}

/** What operators asked of a rollout that nobody has carried out. */
export interface PendingCommands<By> {
  paused?: By;
  resumed?: By;
  aborted?: By;
}

/**
 * The commands that a lost run left behind: still valid or taken already, and given after the release changed its state
 * last. Of pause and resume the later one counts. An abort counts for good, also where the rollout paused meanwhile.
 */
export function listPending<By>(
  given: readonly GivenCommand<By>[],
  { state, changedAt }: { state: ReleaseState; changedAt: Date },
  now: Date,
): PendingCommands<By> {
  const open = given.filter((each) => isOpenCommand(each, now));
  const last = (action: RolloutAction) =>
    open.findLast((each) => each.action === action && (action === 'abort' || each.givenAt > changedAt));
  const [pause, resume, abort] = [last('pause'), last('resume'), last('abort')];
  const isPaused = state === 'paused';
  const resumes = isPaused && resume && !(pause && pause.givenAt > resume.givenAt);
  const pauses = !isPaused && pause && !(resume && resume.givenAt > pause.givenAt);
  return {
    ...(pauses ? { paused: pause.by } : {}),
    ...(resumes ? { resumed: resume.by } : {}),
    ...(abort ? { aborted: abort.by } : {}),
  };
}

/** A change of a release's state, for how long it was paused. */
interface StateChange {
  to: ReleaseState;
  at: Date;
}

/**
 * How long a release was paused after `since` and until `now`, in milliseconds: a stage's time does not pass meanwhile.
 *
 * @param changes in the order of their times
 */
export function sumPauses(changes: readonly StateChange[], since: Date, now: Date): number {
  const within = (at: Date): number => Math.min(Math.max(at.getTime(), since.getTime()), now.getTime());
  return changes.reduce((sum, { to, at }, index) => {
    const until = changes[index + 1]?.at ?? now;
    return to === 'paused' ? sum + within(until) - within(at) : sum;
  }, 0);
}

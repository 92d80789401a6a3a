import { createHash } from 'node:crypto';
import type { ReleaseState } from '../../../core/releases/state';

/** What somebody does about a release, or waits to see. */
export type Action =
  | 'publish'
  | 'sendFirstPart'
  | 'finishUpload'
  | 'awaitHold'
  | 'awaitReview'
  | 'approve'
  | 'reject'
  | 'withdraw'
  | 'awaitStage'
  | 'awaitState'
  | 'pause'
  | 'resume'
  | 'abort'
  | 'letGo'
  | 'awaitEnd';

/** Why a release stays where nobody is waited for: the database refuses the step that leads on. */
export type Hold = { to: ReleaseState } | { scanner: string };

/** `short` is over within seconds, `long` stays in its first stage, `later` waits for the time of its first stage. */
export type RolloutName = 'short' | 'long' | 'later';

export interface UpgradeCase {
  name: string;
  /** The state in which the old version leaves it. */
  state: ReleaseState;
  /** What it waits for there, in words. */
  standing: string;
  reach: readonly Action[];
  /** What its users do after the upgrade. */
  carry: readonly Action[];
  carriedOn: string;
  ends: ReleaseState;
  rollout: RolloutName;
  hold?: Hold;
  /** `sick` on every host; `upgrade` only where the version before has left data, which is then released first. */
  fault?: 'sick' | 'upgrade';
}

const uploaded = ['publish', 'sendFirstPart', 'finishUpload'] as const;
const reviewed = [...uploaded, 'awaitReview'] as const;
const approved = [...reviewed, 'approve'] as const;
const rolling = [...approved, 'awaitStage'] as const;

/** One release for every way to stand at the moment of the upgrade. */
export const upgradeCases: readonly UpgradeCase[] = [
  {
    ...{ name: 'half-uploaded', state: 'uploading', standing: 'one part of three is there' },
    ...{ reach: ['publish', 'sendFirstPart'], rollout: 'short' },
    ...{ carry: ['finishUpload', 'awaitReview', 'approve', 'awaitEnd'], ends: 'completed' },
    carriedOn: 'the rest of the upload, approval',
  },
  {
    ...{ name: 'silent-scanner', state: 'scanning', standing: 'a required scanner is silent' },
    ...{ reach: [...uploaded, 'awaitHold'], hold: { scanner: 'compatibility' }, rollout: 'short' },
    ...{ carry: ['letGo', 'awaitReview', 'approve', 'awaitEnd'], ends: 'completed' },
    carriedOn: 'the scanner, approval',
  },
  {
    ...{ name: 'silent-then-refused', state: 'scanning', standing: 'a required scanner is silent' },
    ...{ reach: [...uploaded, 'awaitHold'], hold: { scanner: 'compatibility' }, rollout: 'short' },
    ...{ carry: ['letGo', 'awaitEnd'], ends: 'rejected', fault: 'sick' },
    carriedOn: 'the scanner, which finds a fault',
  },
  {
    ...{ name: 'to-approve', state: 'in_review', standing: 'a decision is due' },
    ...{ reach: reviewed, carry: ['approve', 'awaitEnd'], ends: 'completed', rollout: 'short' },
    carriedOn: 'approval',
  },
  {
    ...{ name: 'to-reject', state: 'in_review', standing: 'a decision is due' },
    ...{ reach: reviewed, carry: ['reject', 'awaitEnd'], ends: 'rejected', rollout: 'short' },
    carriedOn: 'rejection',
  },
  {
    ...{ name: 'to-withdraw', state: 'in_review', standing: 'a decision is due' },
    ...{ reach: reviewed, carry: ['withdraw', 'awaitEnd'], ends: 'withdrawn', rollout: 'short' },
    carriedOn: 'cancellation by an operator',
  },
  ...heldAt('approved', 'scheduled'),
  ...heldAt('scheduled', 'listed'),
  ...heldAt('listed', 'rolling_out'),
  {
    ...{ name: 'before-its-time', state: 'rolling_out', standing: 'the first stage has a time' },
    ...{ reach: [...approved, 'awaitState'], carry: ['awaitEnd'], ends: 'completed', rollout: 'later' },
    carriedOn: 'the time of the stage',
  },
  {
    ...{ name: 'mid-stage', state: 'rolling_out', standing: 'in its first stage' },
    ...{ reach: rolling, carry: ['awaitEnd'], ends: 'completed', rollout: 'long' },
    carriedOn: 'the end of the stage',
  },
  {
    ...{ name: 'mid-stage-of-a-bad-upgrade', state: 'rolling_out', standing: 'in its first stage' },
    ...{ reach: rolling, carry: ['awaitEnd'], ends: 'rolled_back', rollout: 'long', fault: 'upgrade' },
    carriedOn: 'a host of the next stage, which reports a failure',
  },
  {
    ...{ name: 'to-abort', state: 'rolling_out', standing: 'in its first stage' },
    ...{ reach: rolling, carry: ['abort', 'awaitEnd'], ends: 'rolled_back', rollout: 'long' },
    carriedOn: 'an operator, who aborts',
  },
  {
    ...{ name: 'being-taken-back', state: 'rolling_out', standing: 'aborted, the last step is refused' },
    ...{ reach: [...rolling, 'abort', 'awaitHold'], hold: { to: 'rolled_back' }, rollout: 'long' },
    ...{ carry: ['letGo', 'awaitEnd'], ends: 'rolled_back' },
    carriedOn: 'the step, by its retry',
  },
  {
    ...{ name: 'to-resume', state: 'paused', standing: 'an operator paused it' },
    ...{ reach: [...rolling, 'pause', 'awaitState'], rollout: 'long' },
    ...{ carry: ['resume', 'awaitEnd'], ends: 'completed' },
    carriedOn: 'an operator, who resumes',
  },
  {
    ...{ name: 'paused-to-abort', state: 'paused', standing: 'an operator paused it' },
    ...{ reach: [...rolling, 'pause', 'awaitState'], rollout: 'long' },
    ...{ carry: ['abort', 'awaitEnd'], ends: 'rolled_back' },
    carriedOn: 'an operator, who aborts',
  },
  ...finished('completed', [...approved, 'awaitEnd']),
  ...finished('rolled_back', [...rolling, 'abort', 'awaitEnd']),
  ...finished('rejected', [...reviewed, 'reject', 'awaitEnd']),
  ...finished('withdrawn', [...reviewed, 'withdraw', 'awaitEnd']),
];

/** A state that nobody decides about lasts milliseconds: it is held by refusing the next one. */
function heldAt(state: ReleaseState, to: ReleaseState): UpgradeCase[] {
  return [
    {
      ...{ name: `held-${state}`, state, standing: `the step to ${to} is refused`, hold: { to } },
      ...{ reach: [...approved, 'awaitHold'], carry: ['letGo', 'awaitEnd'], ends: 'completed' },
      ...{ rollout: 'short', carriedOn: 'the step, by its retry' },
    },
  ];
}

function finished(state: ReleaseState, reach: readonly Action[]): UpgradeCase[] {
  const rollout = state === 'rolled_back' ? 'long' : 'short';
  const name = `finished-${state.replace('_', '-')}`;
  return [{ name, state, standing: 'over', reach, carry: [], carriedOn: 'nobody', ends: state, rollout }];
}

/** Those whose time runs come last, so that it does not end before the upgrade; else in an order that the seed decides. */
export function orderCases(cases: readonly UpgradeCase[], seed: number): UpgradeCase[] {
  const place = ({ name }: UpgradeCase): string =>
    createHash('sha256').update(`${seed}\0${name}`).digest('hex');
  const isTimed = ({ rollout, ends, state }: UpgradeCase): boolean => rollout !== 'short' && ends !== state;
  return [...cases].sort(
    (a, b) => Number(isTimed(a)) - Number(isTimed(b)) || place(a).localeCompare(place(b)),
  );
}

export const pluginIdOf = ({ name }: Pick<UpgradeCase, 'name'>): string => `com.example.upgrade.${name}`;

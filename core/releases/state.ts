/** The one state machine of a release (requirement C15). Every change names both ends. */
export const releaseStates = [
  'draft',
  'uploading',
  'scanning',
  'in_review',
  'changes_requested',
  'approved',
  'scheduled',
  'listed',
  'rolling_out',
  'paused',
  'completed',
  'rolled_back',
  'superseded',
  'rejected',
  'withdrawn',
  'quarantined',
  'expired',
  'failed',
] as const;

export type ReleaseState = (typeof releaseStates)[number];

/** From any live state a release may be taken away or fail. */
const takenAway = ['withdrawn', 'quarantined', 'expired', 'failed'] as const;

const forward: Record<ReleaseState, readonly ReleaseState[]> = {
  draft: ['uploading'],
  uploading: ['scanning', 'rejected'],
  scanning: ['in_review', 'rejected'],
  in_review: ['changes_requested', 'approved', 'rejected'],
  changes_requested: [],
  approved: ['scheduled'],
  scheduled: ['listed', 'superseded'],
  listed: ['rolling_out'],
  rolling_out: ['paused', 'completed', 'rolled_back', 'superseded'],
  paused: ['rolling_out', 'rolled_back', 'superseded'],
  completed: [],
  rolled_back: [],
  superseded: [],
  rejected: [],
  withdrawn: [],
  quarantined: [],
  expired: [],
  failed: [],
};

/** The states of a release that nothing stops, in their order. */
const way: readonly ReleaseState[] = [
  'draft',
  'uploading',
  'scanning',
  'in_review',
  'approved',
  'scheduled',
  'listed',
  'rolling_out',
  'completed',
];

/**
 * Whether a release that is on its way has yet to reach `goal`. One that is paused is rolling out; one that has
 * ended otherwise reaches nothing any more.
 */
export function isBefore(state: ReleaseState, goal: ReleaseState): boolean {
  const at = way.indexOf(state === 'paused' ? 'rolling_out' : state);
  return at >= 0 && at < way.indexOf(goal);
}

/** A state that no transition leaves. */
export const isTerminal = (state: ReleaseState): boolean => nextStates(state).length === 0;

/** The states of a release that is on its way. */
export const liveStates: readonly ReleaseState[] = releaseStates.filter((state) => !isTerminal(state));

/** The states in which a release's upload has not ended; it never opens again. */
export const uploadStates: readonly ReleaseState[] = ['draft', 'uploading'];

/** Every state that `from` may change to. */
export function nextStates(from: ReleaseState): readonly ReleaseState[] {
  const next = forward[from];
  return next.length === 0 ? [] : [...next, ...takenAway];
}

export const canMove = (from: ReleaseState, to: ReleaseState): boolean => nextStates(from).includes(to);

/**
 * Whether tenants may install a version whose release is in this state, and see it in the catalogue (LST-01), if it
 * was listed. One that was superseded while it was rolled out stays with those who were offered it.
 */
export const isInstallable = (state: ReleaseState): boolean =>
  ['listed', 'rolling_out', 'paused', 'completed', 'superseded'].includes(state);

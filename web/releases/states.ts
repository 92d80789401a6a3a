import type { ReleaseState } from '../../core/releases/state';

export type Tone = 'neutral' | 'live' | 'ok' | 'warn' | 'bad';

interface StateLook {
  label: string;
  tone: Tone;
  /** No transition leaves the state. */
  isOver?: true;
}

/** How each state is called and coloured; the type makes a new state of the core show up here. */
const looks: Record<ReleaseState, StateLook> = {
  draft: { label: 'Draft', tone: 'neutral' },
  uploading: { label: 'Uploading', tone: 'live' },
  scanning: { label: 'Scanning', tone: 'live' },
  in_review: { label: 'In review', tone: 'warn' },
  changes_requested: { label: 'Changes requested', tone: 'warn', isOver: true },
  approved: { label: 'Approved', tone: 'live' },
  scheduled: { label: 'Scheduled', tone: 'live' },
  listed: { label: 'Listed', tone: 'live' },
  rolling_out: { label: 'Rolling out', tone: 'live' },
  paused: { label: 'Paused', tone: 'warn' },
  completed: { label: 'Completed', tone: 'ok', isOver: true },
  rolled_back: { label: 'Rolled back', tone: 'bad', isOver: true },
  rejected: { label: 'Rejected', tone: 'bad', isOver: true },
  withdrawn: { label: 'Withdrawn', tone: 'bad', isOver: true },
  quarantined: { label: 'Quarantined', tone: 'bad', isOver: true },
  expired: { label: 'Expired', tone: 'bad', isOver: true },
  failed: { label: 'Failed', tone: 'bad', isOver: true },
};

const unknown: StateLook = { label: 'Unknown', tone: 'neutral' };

/** A state that an older page does not know yet is shown by its own name. */
export const lookOf = (state: ReleaseState): StateLook => looks[state] ?? { ...unknown, label: state };

export const isOver = (state: ReleaseState): boolean => lookOf(state).isOver === true;

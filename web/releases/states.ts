import { isTerminal, releaseStates, type ReleaseState } from '../../core/releases/state';
import type { Tone } from '../ui/tones';

interface StateLabel {
  label: string;
  tone: Tone;
}

/** How each state is called and coloured; the type makes a new state of the core show up here. */
const labels: Record<ReleaseState, StateLabel> = {
  draft: { label: 'Draft', tone: 'neutral' },
  uploading: { label: 'Uploading', tone: 'live' },
  scanning: { label: 'Scanning', tone: 'live' },
  in_review: { label: 'In review', tone: 'warn' },
  changes_requested: { label: 'Changes requested', tone: 'warn' },
  approved: { label: 'Approved', tone: 'live' },
  scheduled: { label: 'Scheduled', tone: 'live' },
  listed: { label: 'Listed', tone: 'live' },
  rolling_out: { label: 'Rolling out', tone: 'live' },
  paused: { label: 'Paused', tone: 'warn' },
  completed: { label: 'Completed', tone: 'ok' },
  rolled_back: { label: 'Rolled back', tone: 'bad' },
  superseded: { label: 'Superseded', tone: 'neutral' },
  rejected: { label: 'Rejected', tone: 'bad' },
  withdrawn: { label: 'Withdrawn', tone: 'bad' },
  quarantined: { label: 'Quarantined', tone: 'bad' },
  expired: { label: 'Expired', tone: 'bad' },
  failed: { label: 'Failed', tone: 'bad' },
};

/** Label and colour of a state; one that this page does not know yet is shown by its own name. */
export const describeState = (state: ReleaseState): StateLabel =>
  labels[state] ?? { label: state, tone: 'neutral' };

/** Whether the release has ended. A newer server may send a state that this page does not know: it has not. */
export const isOver = (state: ReleaseState): boolean => releaseStates.includes(state) && isTerminal(state);

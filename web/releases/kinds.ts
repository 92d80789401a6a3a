import type { TimelineEvent } from '../../contracts/releases/timeline';
import type { TimelineKind } from '../../core/releases/timeline';
import type { ReleaseState } from '../../core/releases/state';
import type { IconName } from '../ui/Icon';
import type { Tone } from '../ui/tones';
import { describeState, isOver } from './states';

interface EventStyle {
  icon: IconName;
  tone: Tone;
}

const styles: Record<TimelineKind, EventStyle> = {
  state: { icon: 'stairs', tone: 'neutral' },
  upload_verified: { icon: 'upload', tone: 'ok' },
  scan: { icon: 'shield', tone: 'ok' },
  scan_held: { icon: 'clock', tone: 'warn' },
  compatibility: { icon: 'install', tone: 'ok' },
  review_opened: { icon: 'eye', tone: 'live' },
  review_info: { icon: 'note', tone: 'neutral' },
  sla: { icon: 'clock', tone: 'warn' },
  decision: { icon: 'eye', tone: 'ok' },
  notified: { icon: 'bell', tone: 'neutral' },
  rollout_planned: { icon: 'list', tone: 'neutral' },
  stage_started: { icon: 'play', tone: 'live' },
  stage_verdict: { icon: 'check', tone: 'ok' },
  stage_held: { icon: 'clock', tone: 'warn' },
  rollout_paused: { icon: 'pause', tone: 'warn' },
  rollout_resumed: { icon: 'play', tone: 'live' },
  rollout_aborted: { icon: 'cross', tone: 'bad' },
  offer_withdrawn: { icon: 'back', tone: 'bad' },
  install: { icon: 'install', tone: 'ok' },
  rolled_back_everywhere: { icon: 'back', tone: 'warn' },
  restricted: { icon: 'shield', tone: 'bad' },
  restriction_lifted: { icon: 'shield', tone: 'ok' },
  name_noted: { icon: 'shield', tone: 'warn' },
  alert: { icon: 'alert', tone: 'bad' },
};

/** Values of `data` that decide the colour of an entry, whichever field holds them. */
const bad = new Set<unknown>(['fail', 'failed', 'reject', 'unhealthy']);
const doubtful = new Set<unknown>(['inconclusive', 'rolled_back', 'empty']);

/** Icon and colour of an entry: by its kind, and by its outcome where the data name one. */
export function describeEvent({ kind, data }: TimelineEvent): EventStyle {
  const style = styles[kind] ?? { icon: 'dot', tone: 'neutral' };
  if (kind === 'state') return { ...style, tone: stateTone(data['to']) };
  // The last level is the deadline itself: a breach, no longer a warning.
  if (kind === 'sla' && Number(data['level']) >= 1) return { icon: 'alert', tone: 'bad' };
  const outcome = [data['verdict'], data['decision'], data['outcome'], data['kind'], data['report']];
  if (outcome.some((value) => bad.has(value))) return { icon: 'cross', tone: 'bad' };
  if (outcome.some((value) => doubtful.has(value))) return { ...style, tone: 'warn' };
  return style;
}

/** Only final states are coloured. */
function stateTone(to: unknown): Tone {
  const state = to as ReleaseState;
  return isOver(state) ? describeState(state).tone : 'neutral';
}

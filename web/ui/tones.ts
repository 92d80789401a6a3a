/** What a colour says: nothing yet, under way, good, doubtful, bad. */
export type Tone = 'neutral' | 'live' | 'ok' | 'warn' | 'bad';

export const softTones: Record<Tone, string> = {
  neutral: 'bg-well text-muted',
  live: 'bg-accent-soft text-accent',
  ok: 'bg-ok-soft text-ok',
  warn: 'bg-warn-soft text-warn',
  bad: 'bg-bad-soft text-bad',
};

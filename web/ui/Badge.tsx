import type { ReactNode } from 'react';
import type { ReleaseState } from '../../core/releases/state';
import { lookOf, type Tone } from '../releases/states';

export const softTones: Record<Tone, string> = {
  neutral: 'bg-well text-muted',
  live: 'bg-accent-soft text-accent',
  ok: 'bg-ok-soft text-ok',
  warn: 'bg-warn-soft text-warn',
  bad: 'bg-bad-soft text-bad',
};

export function Badge({ tone = 'neutral', children }: { tone?: Tone; children: ReactNode }) {
  return (
    <span
      className={`inline-flex items-center gap-1 rounded-full px-2.5 py-0.5 text-xs font-semibold whitespace-nowrap ${softTones[tone]}`}
    >
      {children}
    </span>
  );
}

export function StateBadge({ state }: { state: ReleaseState }) {
  const { label, tone } = lookOf(state);
  return <Badge tone={tone}>{label}</Badge>;
}

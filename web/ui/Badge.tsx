import type { ReactNode } from 'react';
import { softTones, type Tone } from './tones';

export function Badge({ tone = 'neutral', children }: { tone?: Tone; children: ReactNode }) {
  return (
    <span
      className={`inline-flex items-center gap-1 rounded-full px-2.5 py-0.5 text-xs font-semibold whitespace-nowrap ${softTones[tone]}`}
    >
      {children}
    </span>
  );
}

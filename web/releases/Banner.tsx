import type { ReactNode } from 'react';
import { Icon, type IconName } from '../ui/Icon';

const tones = {
  ok: 'border-ok-fill/50 bg-ok-soft',
  warn: 'border-warn-fill/50 bg-warn-soft',
  bad: 'border-bad-fill/50 bg-bad-soft',
  neutral: 'border-line bg-well',
} as const;
const titleTones = { ok: 'text-ok', warn: 'text-warn', bad: 'text-bad', neutral: 'text-ink' } as const;

interface BannerProps {
  tone: keyof typeof tones;
  icon: IconName;
  title: string;
  /** The name of the region; a page has one outcome. */
  label?: string;
  children: ReactNode;
}

/** A coloured frame for the one thing that matters most on the page. */
export function Banner({ tone, icon, title, label = 'Outcome', children }: BannerProps) {
  return (
    <section aria-label={label} className={`rounded-xl border p-4 sm:p-5 ${tones[tone]}`}>
      <h2 className={`flex items-center gap-2 text-lg font-semibold ${titleTones[tone]}`}>
        <Icon name={icon} size={20} /> {title}
      </h2>
      <div className="mt-1 grid gap-2">{children}</div>
    </section>
  );
}

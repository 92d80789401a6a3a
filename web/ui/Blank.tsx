import type { ReactNode } from 'react';
import { Icon, type IconName } from './Icon';

/** An empty list: says that this is fine, and what would appear here. */
export function Empty({ icon, title, children }: { icon: IconName; title: string; children?: ReactNode }) {
  return (
    <div className="flex flex-col items-center gap-2 rounded-xl border border-dashed border-line bg-card px-6 py-14 text-center">
      <span className="rounded-full bg-well p-3 text-muted">
        <Icon name={icon} size={24} />
      </span>
      <p className="font-semibold">{title}</p>
      {children && <p className="max-w-prose text-sm text-muted">{children}</p>}
    </div>
  );
}

/** A placeholder in the shape of what is loading, so that the page does not jump. */
export function Loading({ label, rows = 3 }: { label: string; rows?: number }) {
  return (
    <div role="status" className="grid gap-3">
      <span className="sr-only">{label}</span>
      {Array.from({ length: rows }, (_, row) => (
        <div
          key={row}
          aria-hidden="true"
          className="h-20 animate-beat rounded-xl border border-line bg-well"
        />
      ))}
    </div>
  );
}

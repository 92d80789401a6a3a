import type { Tally } from './tally';

interface Segment {
  key: keyof Tally;
  label: string;
  fill: string;
}

/** Where a tenant can be, in the order and colours of every picture of a cohort. */
export const segments: readonly Segment[] = [
  { key: 'running', label: 'installed', fill: 'bg-ok-fill' },
  { key: 'failed', label: 'failed', fill: 'bg-bad-fill' },
  { key: 'back', label: 'rolled back', fill: 'bg-warn-fill' },
  { key: 'waiting', label: 'not installed', fill: 'border border-edge bg-well' },
];

/** "3 installed, 1 failed": the picture in words, without the zeros. */
export const spoken = (tally: Tally): string =>
  segments
    .filter(({ key }) => tally[key] > 0)
    .map(({ key, label }) => `${tally[key]} ${label}`)
    .join(', ') || 'no tenants';

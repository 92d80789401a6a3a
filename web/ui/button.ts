const shape =
  'inline-flex items-center justify-center gap-2 rounded-lg border px-4 py-2 text-sm font-semibold ' +
  'transition-colors disabled:cursor-not-allowed disabled:opacity-55';

/** Class names of buttons by their weight: one `primary` a page, `danger` for what cannot be undone. */
export const button = {
  primary: `${shape} border-transparent bg-accent text-on-accent hover:opacity-90`,
  plain: `${shape} border-edge bg-card text-ink hover:bg-well`,
  danger: `${shape} border-bad bg-card text-bad hover:bg-bad-soft`,
} as const;

export const field =
  'w-full rounded-lg border border-edge bg-card px-3 py-2 text-ink placeholder:text-muted aria-invalid:border-bad';

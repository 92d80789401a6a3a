const FIRST_MS = 500;
const LONGEST_MS = 15_000;
/** Whoever lived this long was not in a crash loop: its next failure counts as the first. */
const HEALTHY_MS = 30_000;

/** How often in a row a service has failed, given how long it lived this time. */
export function failuresInARow(before: number, livedMs: number): number {
  return livedMs >= HEALTHY_MS ? 1 : before + 1;
}

/** Pause before the next start in milliseconds: doubled with every failure in a row, up to a quarter of a minute. */
export function pauseBeforeRestart(failures: number): number {
  return Math.min(FIRST_MS * 2 ** Math.max(0, failures - 1), LONGEST_MS);
}

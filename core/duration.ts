const UNITS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
type Unit = keyof typeof UNITS;

export const SECOND = UNITS.s;
export const MINUTE = UNITS.m;
export const HOUR = UNITS.h;
export const DAY = UNITS.d;

/** Milliseconds of a text such as `90s`, `10m`, `4h`, `2d` or `250ms`; undefined when it is none. */
export function parseDuration(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)\s*(ms|s|m|h|d)$/.exec(text.trim());
  return match ? Math.round(Number(match[1]) * UNITS[match[2] as Unit]) : undefined;
}

/** The shortest exact text of some milliseconds, with at most two units: `4 h`, `1 h 30 m`, `6.5 s`. */
export function formatDuration(ms: number): string {
  if (ms < SECOND) return `${Math.round(ms)} ms`;
  if (ms < MINUTE) return `${Number((ms / SECOND).toFixed(1))} s`;
  const units = (['d', 'h', 'm', 's'] as const).map((unit, index, all) => {
    const above = all[index - 1];
    const within = above ? ms % UNITS[above] : ms;
    return { unit, count: Math.floor(within / UNITS[unit]) };
  });
  return units
    .filter(({ count }) => count > 0)
    .slice(0, 2)
    .map(({ unit, count }) => `${count} ${unit}`)
    .join(' ');
}

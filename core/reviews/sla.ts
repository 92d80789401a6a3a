/** Shares of the review SLA at which people are told: two warnings, then one breach alert. */
export const slaLevels = [0.5, 0.75, 1] as const;
export type SlaLevel = (typeof slaLevels)[number];

/** When each level is reached, in milliseconds after the review was opened. */
export const slaSteps = (slaMs: number): { level: SlaLevel; afterMs: number }[] =>
  slaLevels.map((level) => ({ level, afterMs: Math.round(slaMs * level) }));

export const isBreach = (level: SlaLevel): boolean => level >= 1;

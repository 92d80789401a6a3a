/** A review waits for the release's scans, then for a decision. */
export const reviewStates = ['pending', 'open', 'decided'] as const;

export const reviewDecisions = ['approve', 'reject'] as const;
export type ReviewDecision = (typeof reviewDecisions)[number];

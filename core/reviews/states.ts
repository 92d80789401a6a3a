/** A review waits for the release's scans, then for a decision. */
export const reviewStates = ['pending', 'open', 'decided'] as const;
export type ReviewState = (typeof reviewStates)[number];

export const reviewDecisions = ['approve', 'reject'] as const;
export type ReviewDecision = (typeof reviewDecisions)[number];

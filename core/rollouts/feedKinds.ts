/**
 * What a change of the feed says of a version: it may be installed, nobody may have it any more, or nobody newly
 * installs it and who has it keeps it.
 */
export const feedKinds = ['offer', 'withdraw', 'hold'] as const;
export type FeedKind = (typeof feedKinds)[number];

/** What a change of the feed says of a version: it may be installed, or nobody may have it any more. */
export const feedKinds = ['offer', 'withdraw'] as const;
export type FeedKind = (typeof feedKinds)[number];

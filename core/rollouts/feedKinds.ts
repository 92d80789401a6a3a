/** What a change of the feed says of a version: whom it is offered to, or that nobody may have it any more. */
export const feedKinds = ['offer', 'withdraw'] as const;
export type FeedKind = (typeof feedKinds)[number];
